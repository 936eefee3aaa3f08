import { displayName } from '../../../electron/shared/file-names.ts';

/** Where files are: on a cluster, or on this computer. */
export type Source = { kind: 'cluster'; clusterId: string } | { kind: 'local' };

export interface Place {
  source: Source;
  /** Absolute; empty: the home directory. */
  path: string;
}

export const sourceKey = (source: Source): string =>
  source.kind === 'local' ? 'local' : `cluster ${source.clusterId}`;

export const isSameSource = (one: Source, other: Source): boolean => sourceKey(one) === sourceKey(other);

export const isSamePlace = (one: Place, other: Place): boolean =>
  one.path === other.path && isSameSource(one.source, other.source);

interface Crumb {
  name: string;
  path: string;
}

/** The folders on the way to a path, the root first. */
export function crumbs(path: string): Crumb[] {
  const parts = path.split('/').filter(Boolean);
  return [
    { name: '/', path: '/' },
    ...parts.map((name, index) => ({ name: displayName(name), path: `/${parts.slice(0, index + 1).join('/')}` })),
  ];
}

export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const joinPath = (folder: string, name: string): string => `${folder === '/' ? '' : folder}/${name}`;

/** Whether a path is a folder or is in it. */
export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

/** What of a typed path is the folder to look in, and what its names begin with. */
export function splitTyped(typed: string): { folder: string; begin: string } {
  const at = typed.lastIndexOf('/');
  return at < 0 ? { folder: '', begin: typed } : { folder: typed.slice(0, at) || '/', begin: typed.slice(at + 1) };
}

const MOST_RECENT = 12;

/** The place first, and each only once. */
export const rememberPlace = (recent: readonly Place[], place: Place): Place[] =>
  [place, ...recent.filter((each) => !isSamePlace(each, place))].slice(0, MOST_RECENT);
