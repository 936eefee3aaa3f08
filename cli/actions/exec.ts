import { message } from '../../electron/shared/messages.ts';
import { quoteAll } from '../../electron/shared/shell-quote.ts';
import { demoFor, type StateOptions, withEngineState } from '../engine-session.ts';
import { findTarget } from '../find-instance.ts';
import { describeTerminal, runOnTerminal, runWithStdio } from '../stream-stdio.ts';
import { UsageError } from '../usage-error.ts';
import { openKeptShell } from './terminals.ts';

export interface TerminalOptions {
  app?: string;
  tty?: boolean;
  keep?: boolean;
}

/** One word is a line for the shell there; several are a command and its arguments, each as it is. */
export const commandLine = (args: readonly string[]): string =>
  args.length === 1 ? (args[0] ?? '') : `exec ${quoteAll(args)}`;

/** @returns its exit code */
export function exec(args: readonly string[], { app, tty }: TerminalOptions): Promise<number> {
  const cluster = app === undefined ? args[0] : undefined;
  const command = app === undefined ? args.slice(1) : args;
  if (tty && app !== undefined) {
    throw new UsageError('A terminal for a single command is not to be had inside a job.', {
      hint: message`Open a shell there: tunel shell --app ${{ app }}`,
    });
  }
  const terminal = tty ? describeTerminal() : null;
  return withEngineState(connectingTo(cluster, app), async (session) => {
    const target = await findTarget(session, cluster, app);
    if (command.length === 0) {
      throw new UsageError('Which command is to be run?', { hint: 'For a shell: tunel shell CLUSTER' });
    }
    const script = commandLine(command);
    if (terminal) {
      const stream = await session.openStream('terminals.open', { target, ...terminal, script });
      session.stopFollowing();
      return runOnTerminal(stream);
    }
    const stream = await session.openStream('terminals.exec', { target, script });
    session.stopFollowing();
    return runWithStdio(stream, 'clusterId' in target);
  });
}

/** A terminal on the login node, or with an app. @returns its exit code */
export function openShell(cluster: string | undefined, { app, keep }: TerminalOptions): Promise<number> {
  const terminal = describeTerminal();
  return withEngineState(connectingTo(cluster, app), async (session) => {
    const target = await findTarget(session, cluster, app);
    if (keep) return openKeptShell(session, target, terminal);
    const stream = await session.openStream('terminals.open', { target, ...terminal });
    session.stopFollowing();
    return runOnTerminal(stream);
  });
}

const connectingTo = (cluster: string | undefined, app: string | undefined): StateOptions => ({
  connects: true,
  ...(app === undefined ? demoFor(cluster) : { demo: 'if-used' }),
});
