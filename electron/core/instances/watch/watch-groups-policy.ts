/** Processes that look at directories, at most; what is in more folders shares the last one. */
const MOST_GROUPS = 4;

/** The folder that a directory is in: the directories of one home are on one file system. */
export const folderOf = (directory: string): string => directory.slice(0, directory.lastIndexOf('/'));

/** Which group looks at what: one for each folder, so that a file system that hangs delays only what is on it. */
export class GroupNames {
  readonly #folders: string[] = [];

  of(directory: string): string {
    const folder = folderOf(directory);
    if (!this.#folders.includes(folder)) this.#folders.push(folder);
    return `g${Math.min(this.#folders.indexOf(folder), MOST_GROUPS - 1)}`;
  }
}

/** In order of the first of each. */
export function byGroup<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}
