import type { Command } from 'commander';
import type { ContainerOptions } from '../actions/run-container.ts';
import { runAction } from '../output.ts';
import { passArgumentsOn } from '../own-options.ts';
import { OUR_FAILURE } from '../stream-stdio.ts';

const commands = [
  ['run-singularity', 'Apptainer (or Singularity), else Podman or Docker'],
  ['run-docker', 'Docker, else Podman or Apptainer'],
] as const;

const append = (value: string, before: string[]): string[] => [...before, value];

/** A container in the foreground on the login node. For work in a job: tunel run-app with --launcher. */
export function declareContainerCommands(program: Command): void {
  for (const [name, runtimes] of commands) {
    passArgumentsOn(
      program
        .command(`${name} [arguments...]`)
        .usage('[options] <cluster> run|exec|shell <image> [arguments for it...]')
        .description(`a container on the login node by ${runtimes}: tunel ${name} hpc exec docker://busybox echo hello`)
        .option(
          '--bind <path>',
          'shown inside: source, source:target or source:target:ro; may be given again',
          append,
          [],
        )
        .option('--gpu', "with the node's NVIDIA GPUs")
        .option('-t, --tty', 'on a terminal, as a shell always is'),
      2,
    ).action((args: string[], options: ContainerOptions) =>
      runAction(
        {},
        async () => {
          const { runContainer } = await import('../actions/run-container.ts');
          process.exitCode = await runContainer(name, args, options);
        },
        OUR_FAILURE,
      ),
    );
  }
}
