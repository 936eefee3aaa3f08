import { displayName } from '../../../electron/shared/file-names.ts';
import { isTransferOver, type Transfer } from '../../../electron/shared/transfers.ts';
import { formatFileSize } from '../../text/size.ts';
import { formatDuration } from '../../text/time.ts';

export type TransferLook =
  | 'queued'
  | 'active'
  | 'paused'
  | 'offline'
  | 'question'
  | 'completed'
  | 'partly'
  | 'failed'
  | 'canceled';

export function lookOf({ state, question, files }: Pick<Transfer, 'state' | 'question' | 'files'>): TransferLook {
  if (state === 'waiting') return question ? 'question' : 'offline';
  if (state === 'completed' && (files.failed > 0 || files.skipped > 0)) return 'partly';
  return state;
}

export function labelOf(transfer: Pick<Transfer, 'state' | 'question' | 'files'>): string {
  const { files } = transfer;
  const labels: Record<TransferLook, string> = {
    queued: 'Queued',
    active: 'Copying',
    paused: 'Paused',
    offline: 'Waiting for connection',
    question: 'Needs an answer',
    completed: 'Done',
    partly: files.failed > 0 ? `Done, ${files.failed} failed` : `Done, ${files.skipped} skipped`,
    failed: 'Failed',
    canceled: 'Cancelled',
  };
  return labels[lookOf(transfer)];
}

const baseName = (path: string): string => path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;

/** `run.h5`, or `run.h5 and 3 more`. */
export function nameOf({ sources, sourceCount }: Pick<Transfer, 'sources' | 'sourceCount'>): string {
  const first = displayName(baseName(sources[0] ?? ''));
  return sourceCount > 1 ? `${first} and ${sourceCount - 1} more` : first;
}

/** Share that is copied, 0 to 1; null: it is not known yet. */
export function shareOf({ bytes, files, state }: Pick<Transfer, 'bytes' | 'files' | 'state'>): number | null {
  if (state === 'completed') return 1;
  if (bytes.total > 0) return Math.min(1, bytes.done / bytes.total);
  return files.total > 0 ? Math.min(1, files.done / files.total) : null;
}

/** How far it is: the time that is left while it goes on, else how much of how much. */
export function describeProgress(transfer: Transfer): string {
  const { state, bytes, files, remainingSeconds } = transfer;
  if (state === 'active' && remainingSeconds !== null) return `${formatDuration(remainingSeconds * 1000)} left`;
  if (state === 'completed') return formatFileSize(bytes.done);
  if (bytes.total === 0) return files.total > 0 ? `${files.done} of ${files.total} files` : '';
  return `${formatFileSize(bytes.done)} of ${formatFileSize(bytes.total)}`;
}

/** `2 active, 1 waiting, 84 MB/s`. */
export function summaryOf(transfers: readonly Transfer[]): string {
  const live = transfers.filter((transfer) => !isTransferOver(transfer));
  if (live.length === 0) return transfers.length === 0 ? '' : 'All done';
  const counted = (state: Transfer['state'], word: string) => {
    const number = live.filter((transfer) => transfer.state === state).length;
    return number > 0 ? `${number} ${word}` : '';
  };
  const speed = live.reduce((sum, transfer) => sum + transfer.speed, 0);
  return [
    counted('active', 'active'),
    counted('queued', 'queued'),
    counted('waiting', 'waiting'),
    counted('paused', 'paused'),
    speed > 0 ? `${formatFileSize(Math.round(speed))}/s` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** Whether something of a transfer that is over was not copied. */
export const canRetry = ({ state, files }: Pick<Transfer, 'state' | 'files'>): boolean =>
  state === 'failed' || state === 'canceled' || (state === 'completed' && files.failed > 0);

interface Move {
  /** The id of the one that it goes before; null: it is the last. */
  before: string | null;
}

/** Where a transfer goes that moves by one in the queue; null: it is at that end of it, or in none. */
export function movesOf(transfers: readonly Transfer[], id: string): { up: Move | null; down: Move | null } {
  const queue = transfers.filter((transfer) => !isTransferOver(transfer)).map((transfer) => transfer.id);
  const at = queue.indexOf(id);
  const idAt = (index: number) => queue[index] ?? null;
  return {
    up: at > 0 ? { before: idAt(at - 1) } : null,
    down: at !== -1 && at < queue.length - 1 ? { before: idAt(at + 2) } : null,
  };
}
