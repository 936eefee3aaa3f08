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
  /** A folder is copied into one that a link at the target leads to. */
  goesBehindLinks: boolean;
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
  const { ledger, options, goesBehindLinks } = deps;
  await skipUnchanged(deps, signal);
  const sorted: SortedItems = { folders: [], files: [], links: [], asks: [] };
  const renamed: number[] = [];
  const taken = new Map<number, AppError>();
  for (const index of ledger.open()) {
    const item = ledger.item(index);
    switch (decideConflict(item, ledger.choice(index) ?? options.conflicts, goesBehindLinks)) {
      case 'ask':
        sorted.asks.push(index);
        continue;
      case 'skip':
        ledger.settle(index, 'skipped');
        continue;
      case 'taken':
        taken.set(index, nameTaken(item.target));
        continue;
      case 'rename':
        renamed.push(index);
    }
    sorted[`${item.kind}s`].push(index);
  }
  failWithContent(ledger, taken);
  await giveOtherNames(deps, renamed, signal);
  const isOpen = (index: number) => ledger.isOpen(index);
  const { folders, files, links, asks } = sorted;
  return {
    folders: folders.filter(isOpen),
    files: files.filter(isOpen),
    links: links.filter(isOpen),
    asks: asks.filter(isOpen),
  };
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

/** Files, and folders with all that would be in them. */
export function failWithContent(ledger: FileLedger, errors: ReadonlyMap<number, AppError>): void {
  if (errors.size === 0) return;
  const byName = new Map([...errors].map(([index, error]) => [ledger.item(index).name, error]));
  for (const index of ledger.open()) {
    const error = errorAbove(ledger.item(index).name, byName);
    if (error) ledger.fail(index, error);
  }
}

/** Of the outermost folder on the way to a name, or of the name itself. */
function errorAbove(name: string, byName: ReadonlyMap<string, AppError>): AppError | undefined {
  for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1)) {
    const error = byName.get(name.slice(0, at));
    if (error) return error;
  }
  return byName.get(name);
}
