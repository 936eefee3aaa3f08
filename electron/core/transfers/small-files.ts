import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { stagingName } from './change-scripts.ts';
import { type CopyFileDeps, keepsNewer, partPath } from './copy-file.ts';
import { scopeOfFailure } from './failure-policy.ts';
import type { SmallFile, SmallTarget } from './types.ts';

/** Up to this size a file is worth less than the round trips that it takes by itself. */
export const SMALL = 64 * 1024;
/** Fewer are copied one by one. */
const LEAST = 8;
/** Streams to a cluster at a time. */
const AT_ONCE = 3;

interface SmallDeps extends CopyFileDeps {
  destination: string;
}

/**
 * Copies small files in a few streams. Those that are not copied so, for whatever reason, stay open: one by one each gets an
 * error of its own.
 */
export async function copySmallFiles(deps: SmallDeps, indexes: readonly number[], signal: AbortSignal): Promise<void> {
  const { ledger, verifies } = deps;
  const small = indexes.filter((index) => ledger.item(index).size <= SMALL);
  if (small.length < LEAST || verifies) return;
  const batches = batchesOf(deps, small).values();
  const ending = new AbortController();
  const life = AbortSignal.any([signal, ending.signal]);
  const work = async () => {
    // Every worker takes the next batch of the one iterator.
    for (const batch of batches) {
      await copyBatch(deps, batch, life).catch((error: unknown) => {
        ending.abort(AppError.from(error));
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  if (ending.signal.aborted) throw AppError.from(ending.signal.reason);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

interface Batch {
  indexes: number[];
  /** Each of them replaces a file. */
  replaces: boolean;
  /** Only where it is older. */
  keepsNewer: boolean;
}

function batchesOf(deps: SmallDeps, small: readonly number[]): Batch[] {
  const { ledger, ends } = deps;
  const size = (index: number) => ledger.item(index).size;
  const groups = new Map<string, Batch>();
  for (const index of small) {
    const replaces = ledger.item(index).existing !== null;
    const isNewer = keepsNewer(deps, index);
    const key = `${replaces} ${isNewer}`;
    const group = groups.get(key) ?? { indexes: [], replaces, keepsNewer: isNewer };
    group.indexes.push(index);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((group) =>
    inBatches(group.indexes, size, ends.target.smallBatch).map((indexes) => ({ ...group, indexes })),
  );
}

/** At most so many bytes each; a name counts, too. */
export function inBatches(indexes: readonly number[], sizeOf: (index: number) => number, most: number): number[][] {
  const batches: number[][] = [];
  let size = 0;
  for (const index of indexes) {
    const own = sizeOf(index) + 512;
    if (batches.length === 0 || size + own > most) {
      batches.push([]);
      size = 0;
    }
    batches.at(-1)?.push(index);
    size += own;
  }
  return batches;
}

async function copyBatch(deps: SmallDeps, { indexes, ...how }: Batch, signal: AbortSignal): Promise<void> {
  const { id, ends, ledger, destination, follows } = deps;
  const byItem = new Map(indexes.map((index) => [ledger.item(index), index]));
  const source = ends.source.readSmall([...byItem.keys()], { follows, signal });
  // Of its own for each attempt: the script of a connection that was lost removes the one that it made, however late.
  const own = randomBytes(4).toString('hex');
  const target: Omit<SmallTarget, 'signal'> = {
    destination,
    staging: ends.target.join(destination, stagingName(id, own)),
    part: (item) => partPath(deps, item),
    ...how,
  };
  try {
    for await (const item of ends.target.writeSmall(passing(deps, source, signal), { ...target, signal })) {
      const index = byItem.get(item);
      if (index !== undefined) ledger.settle(index, 'done');
    }
    await ledger.sync();
  } catch (error) {
    const failure = AppError.from(error);
    if (signal.aborted || scopeOfFailure(failure) !== 'file') throw failure;
  }
}

async function* passing(
  { limits, onBytes, onCurrent }: SmallDeps,
  source: AsyncIterable<SmallFile>,
  signal: AbortSignal,
): AsyncIterable<SmallFile> {
  for await (const file of source) {
    onCurrent(file.item.name);
    for (const limit of limits) await limit.pass(file.content.byteLength, signal);
    onBytes(file.content.byteLength);
    yield file;
  }
}
