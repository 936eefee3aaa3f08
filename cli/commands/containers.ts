import type { Command } from 'commander';
import { parseBind } from '../../electron/core/runtimes/bind-policy.ts';
import { parseImage } from '../../electron/core/runtimes/image-policy.ts';
import {
  type ContainerVerb,
  containerVerbs,
  oneCommand,
  pickRuntime,
} from '../../electron/core/runtimes/one-command.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { ContainerRuntime } from '../../electron/shared/image-policy.ts';
import { passesWords } from '../argv.ts';
import { carry, converse, OUR_FAILURE, terminalHere } from '../carry.ts';
import { withCore } from '../open-core.ts';
import { guarded } from '../output.ts';
import { findCluster } from '../places.ts';

interface Options {
  bind?: string[];
  gpu?: boolean;
  tty?: boolean;
}

/** Tunel's name of each, and the programs in the order in which they are taken. */
const kinds: [string, string, readonly ContainerRuntime[]][] = [
  ['run-singularity', 'Apptainer (or Singularity), else Podman or Docker', ['apptainer', 'podman', 'docker']],
  ['run-docker', 'Docker, else Podman or Apptainer', ['docker', 'podman', 'apptainer']],
];

/** A container in the foreground on the login node. For work in a job: tunel run-app with --launcher. */
export function containerCommands(program: Command): void {
  for (const [name, title, order] of kinds) {
    passesWords(
      program
        .command(`${name} [words...]`)
        .usage('[options] <cluster> run|exec|shell <image> [words for it...]')
        .description(`a container on the login node by ${title}: tunel ${name} hpc exec docker://busybox echo hello`)
        .option(
          '--bind <path>',
          'shown inside: source, source:target or source:target:ro; may be given again',
          more,
          [],
        )
        .option('--gpu', "with the node's NVIDIA GPUs")
        .option('-t, --tty', 'on a terminal, as a shell always is'),
      2,
    ).action((words: string[], options: Options) =>
      guarded(false, () => runContainer(name, order, words, options), OUR_FAILURE),
    );
  }
}

const more = (value: string, before: string[]): string[] => [...before, value];
const isVerb = (word: string | undefined): word is ContainerVerb => containerVerbs.some((verb) => verb === word);

async function runContainer(
  name: string,
  order: readonly ContainerRuntime[],
  [clusterName = '', verb, image, ...words]: readonly string[],
  options: Options,
): Promise<void> {
  if (!isVerb(verb) || image === undefined || (verb === 'exec' && words.length === 0)) {
    throw new AppError('bad-input', 'What is to be run?', {
      hint: `Write e.g. tunel ${name} CLUSTER exec docker://busybox echo hello, or see: tunel ${name} --help`,
    });
  }
  if (verb === 'shell' && words.length > 0) {
    throw new AppError('bad-input', 'A shell takes no more words.', {
      hint: `For a command: tunel ${name} CLUSTER exec`,
    });
  }
  const binds = (options.bind ?? []).map(parseBind);
  const asked = verb === 'shell' || options.tty ? terminalHere() : null;
  await withCore({ resume: false, demo: clusterName === 'demo' }, async ({ core, state, interrupted }) => {
    const cluster = findCluster(state(), clusterName);
    const { home, runtimes } = await core.facts.connectAndRead(cluster.id, interrupted);
    const from = parseImage(image, home);
    const runtime = pickRuntime(order, runtimes, from, cluster.name);
    const terminal = asked !== null;
    const script = oneCommand(runtime, { verb, image: from, args: words, binds, gpu: options.gpu === true, terminal });
    const target = { clusterId: cluster.id };
    if (asked) {
      process.exitCode = await converse(
        await core.terminals.openTerminal(target, { ...asked, script, signal: interrupted }),
      );
      return;
    }
    const stream = await core.terminals.openCommand(target, script, {
      signal: interrupted,
      onSaid: (chunk) => process.stderr.write(chunk),
    });
    process.exitCode = await carry(stream, true);
  });
}
