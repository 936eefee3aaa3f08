import { demoFor, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { ContainerCommand } from '../local/container-script.ts';
import { describeTerminal, runOnTerminal, runWithStdio } from '../stream-stdio.ts';

export interface ContainerOptions {
  bind?: string[];
  gpu?: boolean;
  tty?: boolean;
}

/** A container in the foreground on the login node. @returns its exit code */
export async function runContainer(
  name: ContainerCommand,
  args: readonly string[],
  options: ContainerOptions,
): Promise<number> {
  const { parseContainerCommand } = await import('../local/container-script.ts');
  const container = parseContainerCommand(name, args, options);
  const terminal = container.isShell || options.tty ? describeTerminal() : null;
  const { clusterName } = container;
  return withEngineState({ connects: true, ...demoFor(clusterName) }, async (session) => {
    const target = { clusterId: findCluster(session.state(), clusterName).id };
    const facts = await session.request('clusters.facts', { id: target.clusterId });
    const script = container.script(facts, terminal !== null);
    if (terminal) {
      const stream = await session.openStream('terminals.open', { target, ...terminal, script });
      session.stopFollowing();
      return runOnTerminal(stream);
    }
    const stream = await session.openStream('terminals.exec', { target, script });
    session.stopFollowing();
    return runWithStdio(stream, true);
  });
}
