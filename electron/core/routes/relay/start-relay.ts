import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock } from '../../deps.ts';
import { limited } from '../../ssh/shells/run.ts';
import type { CommandStream } from '../../ssh/types.ts';
import {
  encodeFrame,
  encodeStart,
  type Frame,
  FrameDecoder,
  frameKinds,
  PROTOCOL_VERSION,
  protocolError,
  type RelayTarget,
  SIGNATURE,
} from './frames.ts';
import { endedError, Relay } from './relay.ts';
import relayProgram from './relay-program.py' with { type: 'text' };

/** A scheduler may take its time to let a command into a job. */
const START_MS = 30_000;
const IDLE_S = 60;
const MOST_NOISE = 1024 * 1024;
/** For a message; at least as long as the mark. */
const KEPT_NOISE = 4096;

/** The whole first frame; its payload ends in the version. */
const GREETING = encodeFrame(frameKinds.hello, 0, Buffer.concat([SIGNATURE, Buffer.of(0, PROTOCOL_VERSION)]));

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
    return await greet(pipe, mark, program, options, limit.signal);
  } catch (error) {
    pipe.destroy();
    throw error;
  } finally {
    limit.done();
  }
}

function greet(
  pipe: CommandStream,
  mark: string,
  program: Buffer,
  { targets, node, where, clock }: RelayOptions,
  signal: AbortSignal,
): Promise<Relay> {
  const decoder = new FrameDecoder();
  let before: Buffer = Buffer.alloc(0);
  let noise = 0;
  let marked = false;
  let greeted = false;
  return new Promise((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', onAbort);
      pipe.removeListener('data', onData);
      pipe.removeListener('end', onEnd);
      pipe.removeListener('error', fail);
    };
    const fail = (error: unknown) => {
      stop();
      reject(AppError.from(error));
    };
    const onAbort = () => fail(signal.reason);
    const onEnd = () => {
      void pipe.ended.then(({ code, signal: by }) => {
        const said = pipe.said || (marked ? '' : before.toString('utf8').trim());
        fail(endedError(where, said, code, by));
      });
    };
    const afterMark = (chunk: Buffer): Buffer | null => {
      before = Buffer.concat([before, chunk]);
      const at = before.indexOf(mark);
      if (at >= 0) return before.subarray(at + mark.length);
      noise += chunk.length;
      if (noise > MOST_NOISE) throw protocolError(`more than ${MOST_NOISE} bytes before its first word`);
      before = before.subarray(Math.max(0, before.length - KEPT_NOISE));
      return null;
    };
    const onFrame = (frame: Frame): boolean => {
      if (frame.kind === frameKinds.error) {
        throw new AppError(
          'command-failed',
          message`The relay in ${{ where }} gave up: ${{ nativeMessage: frame.payload.toString('utf8') }}.`,
        );
      }
      if (!greeted) {
        greeted = true;
        pipe.write(encodeStart({ targets, node, idleSeconds: IDLE_S }));
        return false;
      }
      if (frame.kind !== frameKinds.ready) throw protocolError('something else than that it is ready');
      return true;
    };
    const onData = (chunk: Buffer) => {
      try {
        let bytes: Buffer | null = chunk;
        if (!marked) {
          bytes = afterMark(chunk);
          if (!bytes) return;
          marked = true;
          before = Buffer.alloc(0);
          pipe.write(program);
        }
        if (!greeted) {
          // Before the frames: with a byte lost on the way the first one would never be whole.
          bytes = before = Buffer.concat([before, bytes]);
          const length = Math.min(bytes.length, GREETING.length);
          if (!bytes.subarray(0, length).equals(GREETING.subarray(0, length))) {
            throw protocolError('another greeting than this version does, or it was changed on the way');
          }
          if (length < GREETING.length) return;
          before = Buffer.alloc(0);
        }
        const frames = decoder.push(bytes);
        for (const [index, frame] of frames.entries()) {
          if (!onFrame(frame)) continue;
          stop();
          resolve(new Relay(pipe, decoder, frames.slice(index + 1), where, clock));
          return;
        }
      } catch (error) {
        fail(error);
      }
    };
    pipe.on('data', onData);
    pipe.on('end', onEnd);
    pipe.on('error', fail);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
