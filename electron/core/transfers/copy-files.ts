import { AppError, throwIfAborted } from '../../shared/errors.ts';
import type { TransferOptions } from '../../shared/transfers.ts';
import { decideConflict } from './conflict-policy.ts';
import { type CopyFileDeps, copyFile, keepsNewer, partPath } from './copy-file.ts';
import { scopeOfFailure } from './failure-policy.ts';
import { copySmallFiles } from './small-files.ts';
import { failWithContent, sortItems } from './sort-items.ts';

/** At a time; each holds a session of the connection. */
const AT_ONCE = 3;
/** From this size on a file takes several channels by itself. */
const LARGE = 8 * 1024 * 1024;

export interface CopyDeps extends CopyFileDeps {
  options: TransferOptions;
  goesBehindLinks: boolean;
  destination: string;
  /** Hears of the files that are there already, before the others are copied. */
  onConflicts(indexes: readonly number[]): void;
}

/** Copies all that nothing became of yet, except for files about which the user has to be asked. */
export async function copyFiles(deps: CopyDeps, signal: AbortSignal): Promise<void> {
  const { ledger } = deps;
  const sorted = await sortItems(deps, signal);
  deps.onConflicts(sorted.asks);
  await makeFolders(deps, sorted.folders, signal);
  const isOpen = (index: number) => ledger.isOpen(index);
  const size = (index: number) => ledger.item(index).size;
  await copySmallFiles(deps, sorted.files.filter(isOpen), signal);
  await inParallel(
    sorted.files.filter((index) => isOpen(index) && size(index) < LARGE),
    AT_ONCE,
    deps,
    signal,
  );
  await inParallel(
    sorted.files.filter((index) => isOpen(index) && size(index) >= LARGE),
    1,
    deps,
    signal,
  );
  // Last, so that nothing is written where one leads.
  for (const index of sorted.links.filter(isOpen)) await makeLink(deps, index, signal);
}

/** The first failure that ends more than its own file ends the others, too. */
async function inParallel(
  indexes: readonly number[],
  count: number,
  deps: CopyDeps,
  signal: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const life = AbortSignal.any([signal, ending.signal]);
  const left = [...indexes].reverse();
  let failure: { error: unknown } | null = null;
  const work = async () => {
    for (let index = left.pop(); index !== undefined && !life.aborted; index = left.pop()) {
      try {
        await copyFile(deps, index, life);
      } catch (error) {
        failure ??= { error };
        ending.abort(AppError.from(error));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, indexes.length) }, work));
  throwIfAborted(signal);
  if (failure) throw (failure as { error: unknown }).error;
}

async function makeFolders(deps: CopyDeps, indexes: readonly number[], signal: AbortSignal): Promise<void> {
  const { ends, ledger, destination } = deps;
  const missing = indexes.filter((index) => ledger.item(index).existing === null);
  const wanted = missing.map((index) => ({ path: ledger.item(index).target, mode: ledger.item(index).mode }));
  const failed = await ends.target.makeFolders([{ path: destination, mode: 0o777 }, ...wanted], signal);
  const noDestination = failed.get(destination);
  if (noDestination) throw noDestination;
  const errors = new Map<number, AppError>();
  for (const index of indexes) {
    const error = failed.get(ledger.item(index).target);
    if (error) errors.set(index, error);
  }
  failWithContent(ledger, errors);
  for (const index of indexes) if (ledger.isOpen(index)) ledger.settle(index, 'done');
}

async function makeLink(deps: CopyDeps, index: number, signal: AbortSignal): Promise<void> {
  const { ends, ledger } = deps;
  const item = ledger.item(index);
  try {
    if (keepsNewer(deps, index)) {
      const existing = await ends.target.stat(item.target, 'keep', signal);
      if (decideConflict({ ...item, existing }, 'newer', deps.goesBehindLinks) === 'skip') {
        ledger.settle(index, 'skipped');
        return;
      }
    }
    await ends.target.makeLink(partPath(deps, item), item, signal);
    ledger.settle(index, 'done');
  } catch (error) {
    const failure = AppError.from(error);
    if (signal.aborted || scopeOfFailure(failure) !== 'file') throw failure;
    ledger.fail(index, failure);
  }
}
