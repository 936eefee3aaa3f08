import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogPiece } from '../electron/shared/contract/common.ts';
import { AppError, type ErrorCode } from '../electron/shared/errors.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { onAbort } from '../electron/shared/on-abort.ts';
import type { EngineState } from '../electron/shared/state.ts';
import type { StateSession } from './engine-session.ts';
import { isSettled, isSettledIn } from './find-in-state.ts';
import { hideStatus } from './status-line.ts';
import { connectionOf } from './wait-for-connection.ts';
import { showQueueWait } from './wait-status.ts';

/** Between two attempts to read a log whose connection was lost. */
const RETRY_MS = 1000;

/** What passes by itself: another engine starts, or the cluster is reconnected, which its state shows. */
const passing: readonly ErrorCode[] = ['engine-down', 'connection-lost', 'channel-refused', 'timeout'];

/**
 * Prints an app's log from a byte on as it grows, all of it and in order, until the app has ended. A lost connection and
 * the end of an engine interrupt it only.
 * @param from negative: that many bytes from the end
 * @throws AppError `cancelled` at Ctrl-C; the app runs on
 */
export async function followLog(session: StateSession, id: string, from: number): Promise<Instance> {
  const hide = showQueueWait(session, id);
  try {
    return await printAll(session, id, from);
  } finally {
    hide();
  }
}

async function printAll(session: StateSession, id: string, from: number): Promise<Instance> {
  let next = from;
  for (;;) {
    try {
      await printFrom(session, id, next, (printed) => {
        next = printed.next;
      });
      break;
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (session.interrupted.aborted || !passing.includes(error.code)) throw error;
      await delay(RETRY_MS, undefined, { signal: session.interrupted });
      // An engine without a connection knows the end of a log only, and not where in the file it is.
      await session.until((state) => (isReadable(state, id) ? true : null));
    }
  }
  await session.until((state) => (isSettledIn(state, id) ? true : null));
  return session.state().instances.find((app) => app.id === id) ?? session.request('history.get', { id });
}

function isReadable(state: EngineState, id: string): boolean {
  const app = state.instances.find((each) => each.id === id);
  return !app || isSettled(app) || connectionOf(state, app.clusterId)?.state === 'connected';
}

async function printFrom(
  session: StateSession,
  id: string,
  offset: number,
  onPrinted: (piece: LogPiece) => void,
): Promise<void> {
  const { data, closed } = await session.openStream('instances.followLog', { id, offset });
  const forget = onAbort(session.interrupted, () => data.destroy());
  try {
    for await (const line of completeLines(data)) {
      // The engine of this version wrote it; its shape is that of the contract.
      const piece = JSON.parse(line) as LogPiece;
      hideStatus();
      const isFull = !process.stdout.write(piece.text);
      onPrinted(piece);
      if (isFull) await once(process.stdout, 'drain');
    }
    await closed;
  } catch (error) {
    if (session.interrupted.aborted) throw new AppError('cancelled', 'Interrupted.');
    // Why it ended is known best by its end.
    await closed;
    throw error;
  } finally {
    forget();
  }
}

/** The lines of a stream without their ends. What follows the last one is not whole and left out. */
async function* completeLines(data: Readable): AsyncGenerator<string> {
  data.setEncoding('utf8');
  let rest = '';
  for await (const chunk of data) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
