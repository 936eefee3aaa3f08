/** What of a drop can be run: a folder, or a zip of one. */
export interface Dropped {
  name: string;
  isDirectory: boolean;
  /** Empty: it is not on this computer. */
  path: string;
}

export type DropVerdict = { kind: 'folder' | 'zip'; path: string } | { kind: 'refused'; reason: string };

/** Takes the one folder or zip of a drop, or says why it cannot be taken. */
export function judgeDrop(dropped: readonly Dropped[]): DropVerdict {
  const [first, ...others] = dropped;
  if (!first) return { kind: 'refused', reason: 'Nothing was dropped.' };
  if (others.length > 0) return { kind: 'refused', reason: 'Drop one folder or one zip at a time.' };
  if (first.path === '') return { kind: 'refused', reason: `${first.name} is not a file of this computer.` };
  if (first.isDirectory) return { kind: 'folder', path: first.path };
  if (/\.zip$/i.test(first.name)) return { kind: 'zip', path: first.path };
  return { kind: 'refused', reason: `${first.name} is neither a folder nor a zip.` };
}
