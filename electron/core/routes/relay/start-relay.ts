import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock } from '../../deps.ts';
import { limited } from '../../ssh/shells/run.ts';
import type { CommandStream } from '../../ssh/types.ts';
import type { RelayTarget } from './frames.ts';
import type { Relay } from './relay.ts';
import { RelayGreeting } from './relay-greeting.ts';
import relayProgram from './relay-program.py' with { type: 'text' };

/** A scheduler may take its time to let a command into a job. */
const START_MS = 30_000;

export interface RelayOptions {
  /** Runs `relayCommand(...)` there. */
  run(command: string, signal: AbortSignal): Promise<CommandStream>;
  /** All it may ever open; a port is one of the node's loopback. */
  targets: RelayTarget[];
  /** The node where it must run: a port of another one is another app's. */
  node: string;
  where: string;
  clock: Clock;
  signal?: AbortSignal;
}

/**
 * The command that becomes the relay: shows a mark, reads the program from its input and runs it. The mark is given in two
 * halves, so that it does not appear where a command line is echoed. Nothing secret is in it.
 */
function relayCommand(mark: string, bytes: number): string {
  const half = mark.length / 2;
  const load = [
    'import sys',
    'a=sys.argv',
    'o=sys.stdout',
    'sys.stdin.isatty() and sys.exit("tunel-relay: the way here is a terminal, which changes bytes")',
    'o.write(a[1]+a[2])',
    'o.flush()',
    'exec(compile(sys.stdin.buffer.read(int(a[3])),"tunel-relay","exec"))',
  ].join(';');
  const args = `${mark.slice(0, half)} ${mark.slice(half)} ${bytes}`;
  // platform-python is the one that RHEL keeps for itself where the user's is left out.
  return `for p in python3 /usr/bin/python3 /usr/libexec/platform-python; do command -v "$p" >/dev/null 2>&1 && exec "$p" -I -S -c '${load}' ${args}; done; echo 'tunel-relay: python3 is not there' >&2; exit 127`;
}

/**
 * Starts a relay and waits until it is ready.
 * Rejects with `command-failed` (its own output in `detail`), `timeout`, `cancelled`, or what `run` rejects with.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { where } = options;
  const late = () =>
    new AppError(
      'timeout',
      message`The relay in ${{ where }} did not start within ${{ seconds: START_MS / 1000 }} s.`,
      {
        detail: pipe.said || undefined,
      },
    );
  const signal = options.signal ?? new AbortController().signal;
  const program = Buffer.from(relayProgram);
  const mark = randomBytes(16).toString('hex');
  // No limit of ours yet: it may need a second sign-in, where the user is asked.
  const pipe = await options.run(relayCommand(mark, program.length), signal);
  const limit = limited(signal, START_MS, late);
  pipe.on('error', () => undefined);
  try {
    const { targets, node, clock } = options;
    return await new RelayGreeting(pipe, { mark, program, targets, node, where, clock }, limit.signal).run();
  } catch (error) {
    pipe.destroy();
    throw error;
  } finally {
    limit.done();
  }
}
