import type { ConflictChoice } from '../../shared/transfers.ts';
import type { PlannedItem } from './types.ts';

/** `taken`: something has the name that is no file, and is not replaced. */
export type ConflictVerdict = 'write' | 'skip' | 'rename' | 'ask' | 'taken';

/** Times of some file systems are as coarse as this, ms. */
export const TIME_GRAIN = 2000;

/**
 * What happens to an item where something may have its name already. `goesBehindLinks`: a link to a folder is as good as a folder.
 * Not where the files come from a cluster: it may have sent the link, too, and would write wherever that leads.
 */
export function decideConflict(
  { kind, modified, existing }: Pick<PlannedItem, 'kind' | 'modified' | 'existing'>,
  choice: 'ask' | ConflictChoice,
  goesBehindLinks: boolean,
): ConflictVerdict {
  if (existing === null) return 'write';
  if (kind === 'folder') {
    return existing.kind === 'folder' || (goesBehindLinks && existing.leadsTo === 'folder') ? 'write' : 'taken';
  }
  if (choice === 'ask' || choice === 'skip' || choice === 'rename') return choice;
  if (existing.kind === 'folder' || existing.kind === 'other') return 'taken';
  if (choice === 'newer') return modified - existing.modified >= TIME_GRAIN ? 'write' : 'skip';
  return 'write';
}

/** Whether a file that is there already looks like its source. */
export const isSameByTime = ({
  size,
  modified,
  existing,
}: Pick<PlannedItem, 'size' | 'modified' | 'existing'>): boolean =>
  existing?.kind === 'file' && existing.size === size && Math.abs(existing.modified - modified) < TIME_GRAIN;

/** The first of `name (2).ext`, `name (3).ext` and so on that is free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  const [, stem = name, ending = ''] = /^(.+?)((?:\.tar)?\.[^. ]{1,10})$/.exec(name) ?? [];
  for (let number = 2; ; number += 1) {
    const other = `${stem} (${number})${ending}`;
    if (!isTaken(other)) return other;
  }
}
