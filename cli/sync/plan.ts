/** What is in a folder at a path from it, with `/` between names. */
export interface TreeEntry {
  /** `other`: a link, a device, a name that has no text; it is neither copied nor removed. */
  kind: 'file' | 'folder' | 'other';
  size: number;
  /** Epoch ms. */
  modified: number;
  /** As in chmod; null: not known. */
  mode: number | null;
}
export type Tree = ReadonlyMap<string, TreeEntry>;

export interface SyncPlan {
  /** Folders to be made, those above first. */
  folders: string[];
  /** Files to be copied. */
  copies: string[];
  /** How many files are the same on both sides. */
  unchanged: number;
  /** Files and then folders, those below first, that the source does not have. */
  removals: string[];
  /** Paths that are a file on one side and something else on the other. */
  conflicts: string[];
  /** Links and the like in the source, which are left out. */
  left: string[];
}

/** Some file systems keep whole seconds only. */
const seconds = (time: number): number => Math.floor(time / 1000);

/** Whether size and time say that a file is the same. */
export const looksSame = (a: TreeEntry, b: TreeEntry): boolean =>
  a.size === b.size && seconds(a.modified) === seconds(b.modified);

/**
 * What makes `target` have the files of `source`.
 * @param isSame whether two files at a path are the same
 */
export function planSync(
  source: Tree,
  target: Tree,
  isSame: (path: string, a: TreeEntry, b: TreeEntry) => boolean,
): SyncPlan {
  const plan: SyncPlan = { folders: [], copies: [], unchanged: 0, removals: [], conflicts: [], left: [] };
  const blocked = new Set<string>();
  for (const [path, entry] of sorted(source)) {
    const there = target.get(path);
    if (blocked.has(parentOf(path))) blocked.add(path);
    else if (entry.kind === 'other') plan.left.push(path);
    else if (there && there.kind !== entry.kind) {
      plan.conflicts.push(path);
      blocked.add(path);
    } else if (entry.kind === 'folder') {
      if (!there) plan.folders.push(path);
    } else if (there && isSame(path, entry, there)) plan.unchanged += 1;
    else plan.copies.push(path);
  }
  plan.removals = removalsOf(source, target);
  return plan;
}

function removalsOf(source: Tree, target: Tree): string[] {
  const files: string[] = [];
  const folders: string[] = [];
  const kept = new Set<string>();
  for (const [path, { kind }] of sorted(target)) {
    if (source.has(path)) continue;
    if (kind === 'other' || isBelowOther(path, source)) keepWithFolders(path, kept);
    else if (kind === 'file') files.push(path);
    else folders.push(path);
  }
  return [...files, ...folders.reverse()].filter((path) => !kept.has(path));
}

/** What the source has there instead of a folder, such as a link to one, says nothing of what is in the target's folder. */
function isBelowOther(path: string, source: Tree): boolean {
  for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
    const found = source.get(above);
    if (found) return found.kind !== 'folder';
  }
  return false;
}

/** A folder with something that is not removed stays as well. */
function keepWithFolders(path: string, kept: Set<string>): void {
  for (let at = path; at !== '' && !kept.has(at); at = parentOf(at)) kept.add(at);
}

const sorted = (tree: Tree): [string, TreeEntry][] => [...tree].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
