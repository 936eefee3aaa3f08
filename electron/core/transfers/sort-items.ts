import type { AppError } from '../../shared/errors.ts';
import type { TransferOptions } from '../../shared/transfers.ts';
import { decideConflict, freeName, isSameByTime } from './conflict-policy.ts';
import type { FileLedger } from './file-ledger.ts';
import { nameTaken } from './local-file-error.ts';
import type { Ends } from './types.ts';

/** Asked for at a time. */
const HASHES_AT_ONCE = 200;

interface SortDeps {
  ends: Ends;
  ledger: FileLedger;
  options: TransferOptions;
}

/** Indexes of items by what is to be done with them. */
export interface SortedItems {
  folders: number[];
  files: number[];
  links: number[];
  /** The user has to be asked. */
  asks: number[];
}

/** Settles what is not to be copied, and gives files that are to have another name that name. */
export async function sortItems(deps: SortDeps, signal: AbortSignal): Promise<SortedItems> {
  const { ledger, options } = deps;
  await skipUnchanged(deps, signal);
  const sorted: SortedItems = { folders: [], files: [], links: [], asks: [] };
  const renamed: number[] = [];
  for (const index of ledger.open()) {
    // A folder above it may have failed.
    if (!ledger.isOpen(index)) continue;
    const item = ledger.item(index);
    switch (decideConflict(item, ledger.choice(index) ?? options.conflicts)) {
      case 'ask':
        sorted.asks.push(index);
        continue;
      case 'skip':
        ledger.settle(index, 'skipped');
        continue;
      case 'taken':
        failWithContent(ledger, index, nameTaken(item.target));
        continue;
      case 'rename':
        renamed.push(index);
    }
    sorted[`${item.kind}s`].push(index);
  }
  await giveOtherNames(deps, renamed, signal);
  return sorted;
}

/** The folder of a path, up to its last separator. */
const folderOf = (path: string, name: string): string => path.slice(0, path.length - name.length);

async function giveOtherNames(
  { ends, ledger }: SortDeps,
  indexes: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  if (indexes.length === 0) return;
  const folder = (path: string) => folderOf(path, ends.target.baseName(path));
  const folders = new Set(indexes.map((index) => folder(ledger.item(index).target).slice(0, -1) || '/'));
  const identity = (path: string) => ends.target.identity(path);
  const there = await ends.target.look([...folders], signal);
  const taken = new Set([...there.keys()].map(identity));
  for (let index = 0; index < ledger.size; index += 1) taken.add(identity(ledger.item(index).target));
  for (const index of indexes) {
    const { target } = ledger.item(index);
    const name = ends.target.baseName(target);
    const other = folder(target) + freeName(name, (candidate) => taken.has(identity(folder(target) + candidate)));
    taken.add(identity(other));
    ledger.rename(index, other);
  }
}

async function skipUnchanged({ ends, ledger, options }: SortDeps, signal: AbortSignal): Promise<void> {
  if (options.changedOnly === 'no') return;
  const there = ledger.open().filter((index) => {
    const { kind, existing, size } = ledger.item(index);
    return kind === 'file' && existing?.kind === 'file' && existing.size === size;
  });
  if (options.changedOnly === 'time') {
    for (const index of there) if (isSameByTime(ledger.item(index))) ledger.settle(index, 'skipped');
    return;
  }
  for (let at = 0; at < there.length; at += HASHES_AT_ONCE) {
    const some = there.slice(at, at + HASHES_AT_ONCE);
    const items = some.map((index) => ledger.item(index));
    const [own, other] = await Promise.all([
      ends.source.hashes(
        items.map(({ source }) => source),
        signal,
      ),
      ends.target.hashes(
        items.map(({ target }) => target),
        signal,
      ),
    ]);
    for (const index of some) {
      const { source, target } = ledger.item(index);
      const hash = own.get(source);
      if (hash !== undefined && hash === other.get(target)) ledger.settle(index, 'skipped');
    }
  }
}

/** A folder with all that would be in it. */
export function failWithContent(ledger: FileLedger, index: number, error: AppError): void {
  const { name } = ledger.item(index);
  for (const other of ledger.open()) {
    if (other === index || ledger.item(other).name.startsWith(`${name}/`)) ledger.fail(other, error);
  }
}
