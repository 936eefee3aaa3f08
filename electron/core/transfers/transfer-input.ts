import { randomBytes } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { TransferRecord } from '../storage/transfer-record.ts';

export type TransferInput = Omit<ParsedInput<'transfers.start'>, 'key'>;

/** @throws AppError `bad-input`, and what `checkCluster` throws */
export function checkInput(
  { direction, clusterId, toClusterId, sources, destination }: TransferInput,
  checkCluster: (id: string) => unknown,
): void {
  checkCluster(clusterId);
  if (toClusterId !== undefined) checkCluster(toClusterId);
  if ((direction === 'copy') !== (toClusterId !== undefined) || clusterId === toClusterId) {
    throw new AppError(
      'bad-input',
      'Two clusters are named for a copy between clusters, and one for any other transfer.',
    );
  }
  const local = direction === 'upload' ? sources : direction === 'download' ? [destination] : [];
  const wrong = local.find((path) => !isAbsolute(path));
  if (wrong !== undefined)
    throw new AppError('bad-input', message`${{ path: wrong }} is no whole path of this computer.`);
}

/** What is kept of a transfer that begins. */
export function newRecord(
  { direction, clusterId, toClusterId, sources, destination, ...options }: TransferInput,
  about: Pick<TransferRecord, 'key' | 'position' | 'createdAt'>,
): TransferRecord {
  return {
    ...about,
    id: randomBytes(8).toString('hex'),
    direction,
    clusterId,
    toClusterId: toClusterId ?? null,
    sources,
    destination,
    options,
    state: 'queued',
    files: { total: 0, done: 0, failed: 0, skipped: 0 },
    bytes: { total: 0, done: 0 },
    failures: [],
    error: null,
    isListAged: false,
    endedAt: null,
  };
}

/** Whether a transfer was asked for by this. */
export function isSameInput(
  record: TransferRecord,
  { direction, clusterId, toClusterId, sources, destination, ...options }: TransferInput,
): boolean {
  // The limit may have been changed since.
  const { limit } = record.options;
  const known = [record.direction, record.clusterId, record.toClusterId, record.sources, record.destination];
  return isDeepStrictEqual(
    [...known, record.options],
    [direction, clusterId, toClusterId ?? null, sources, destination, { ...options, limit }],
  );
}

export const keyReused = (): AppError =>
  new AppError('key-reused', 'This key was used for another transfer before.', {
    hint: 'Use a key of its own for each.',
  });
