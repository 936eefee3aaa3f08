import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import { isTransferOver, type Transfer } from '../electron/shared/transfers.ts';
import { formatElapsed } from './describe-wait.ts';
import type { StateSession } from './engine-session.ts';
import { endOf } from './find-in-state.ts';
import { formatBytes } from './format.ts';
import { printMessage, printProgress } from './output.ts';
import { drawBar } from './progress-bar.ts';
import { showTransferWait } from './wait-status.ts';

/** How far a transfer is, in a line. */
export function describeTransferProgress({ state, files, bytes, speed, remainingSeconds }: Transfer): string {
  if (state !== 'active') return `${state}, ${files.done} of ${files.total} files`;
  const fraction = bytes.total === 0 ? 0 : Math.min(1, bytes.done / bytes.total);
  return [
    `${files.done} of ${files.total} files`,
    `${drawBar(fraction)} ${String(Math.floor(fraction * 100)).padStart(3)} %`,
    speed > 0 ? `${formatBytes(speed)}/s` : '',
    remainingSeconds === null ? '' : `${formatElapsed(remainingSeconds * 1000)} left`,
  ]
    .filter((part) => part !== '')
    .join('  ');
}

/**
 * Waits until a transfer is over; questions and errors are shown as they come. Ctrl-C ends the wait, and the transfer goes on.
 * @throws AppError where it failed or was cancelled
 */
export async function followTransfer(session: StateSession, id: string): Promise<Transfer> {
  const begun = await session.request('transfers.get', { id });
  if (isTransferOver(begun)) return checkEnd(begun);
  const hide = showTransferWait(session, id, describeTransferProgress);
  const stop = printHindrances(session, id);
  try {
    await session.until(endOf(({ transfers }) => transfers.find((each) => each.id === id), isTransferOver));
  } catch (error) {
    if (session.interrupted.aborted) printProgress(`The transfer goes on. End it with: tunel transfers cancel ${id}`);
    throw error;
  } finally {
    hide();
    stop();
  }
  return checkEnd(await session.request('transfers.get', { id }));
}

function checkEnd(transfer: Transfer): Transfer {
  const { id, state, files, error, failures } = transfer;
  for (const failure of failures) printMessage(failure.error.message);
  if (state === 'canceled') throw new AppError('cancelled', 'The transfer was cancelled.');
  if (state === 'failed' && error) throw AppError.revive(error);
  if (files.failed > 0) {
    throw new AppError(
      'command-failed',
      message`${{ failed: files.failed }} of ${{ total: files.total }} files were not copied.`,
      {
        hint: message`Try again with: tunel transfers retry ${{ id }}`,
      },
    );
  }
  return transfer;
}

/** Says once what a transfer waits for. */
function printHindrances(session: StateSession, id: string): () => void {
  const printed = new Set<string>();
  const printOnce = (text: string): void => {
    if (!printed.has(text)) printProgress(text);
    printed.add(text);
  };
  const look = (): void => {
    const now = session.state().transfers.find((each) => each.id === id);
    if (now?.state !== 'waiting') return;
    if (now.question) {
      printOnce(`${now.question.count} files are there already. Answer with: tunel transfers answer ${id} newer`);
    } else if (now.error) printOnce(now.error.message);
  };
  look();
  return session.onChange(look);
}
