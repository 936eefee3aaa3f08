import type { FileEntry } from '../../../electron/shared/files.ts';

interface Crumb {
  name: string;
  path: string;
}

/** The folders on the way to a path, the root first. */
export function crumbs(path: string): Crumb[] {
  const parts = path.split('/').filter(Boolean);
  return [
    { name: '/', path: '/' },
    ...parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` })),
  ];
}

export const parentOf = (path: string): string => crumbs(path).at(-2)?.path ?? '/';
export const baseOf = (path: string): string => crumbs(path).at(-1)?.name ?? '';
export const join = (folder: string, name: string): string => `${folder === '/' ? '' : folder}/${name}`;

export const isHidden = (entry: FileEntry): boolean => entry.name.startsWith('.');

export type Pick = 'file' | 'folder' | undefined;

/** Whether an entry is shown as one to choose or to open, and not only as being there. */
export const canUse = (entry: FileEntry, pick: Pick): boolean =>
  entry.kind === 'folder' || (entry.kind === 'file' && pick !== 'folder');

/** What the button of the picker takes: the file that is marked, else the folder that is open; null: nothing yet. */
export function chosen(folder: string, marked: FileEntry | undefined, pick: Pick): string | null {
  if (pick !== 'folder' && marked?.kind === 'file') return join(folder, marked.name);
  return pick === 'file' ? null : folder;
}

/** Where a key of the list leads; null: the key is none of its own. */
export function step(key: string, at: number, count: number, page: number): number | null {
  const last = count - 1;
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? last : at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  };
  const next = to[key];
  return next === undefined || count === 0 ? null : Math.max(0, Math.min(last, next));
}

/** The entry that what was typed leads to: from the marked one on, or, with the same letter again and again, the next one. */
export function typeAhead(entries: readonly FileEntry[], at: number, typed: string): number {
  const text = typed.toLowerCase();
  const again = text.length > 1 && [...text].every((letter) => letter === text[0]);
  const wanted = again ? text.slice(0, 1) : text;
  const from = Math.max(0, text.length === 1 || again ? at + 1 : at);
  const order = [...entries.keys()].map((index) => (index + from) % entries.length);
  return order.find((index) => entries[index]?.name.toLowerCase().startsWith(wanted)) ?? at;
}
