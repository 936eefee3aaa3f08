import type { Instance } from '../../../electron/shared/instances.ts';
import { isInside } from './places.ts';

type App = Pick<Instance, 'clusterId' | 'recipe' | 'path' | 'state' | 'workDirectory' | 'input'>;

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Where the page of a running Jupyter shows a file; null: it is not below the folder that it shows. */
export function jupyterPath({ workDirectory, input }: App, path: string): string | null {
  if (!workDirectory?.startsWith('/')) return null;
  const root = workDirectory.replace(/\/+$/, '');
  if (!isInside(path, root || '/')) return null;
  const relative = path.slice(root.length + 1);
  const page = input?.args.interface === 'notebook' ? 'notebooks' : 'lab/tree';
  return `/${page}/${encodePath(relative)}`;
}

/** Where the page of a running code-server shows a folder. */
export const codeServerPath = ({ path }: App, folder: string): string =>
  `${path.startsWith('/') ? path : `/${path}`}?folder=${encodeURIComponent(folder)}`;

/** A running app of a cluster that can show something, and where in its page. */
export function findApp<T extends App>(
  apps: readonly T[],
  clusterId: string,
  recipe: string,
  pathIn: (app: T) => string | null,
): { app: T; path: string } | null {
  for (const app of apps) {
    const isOpen = app.state === 'ready' || app.state === 'reconnecting';
    const path = isOpen && app.clusterId === clusterId && app.recipe === recipe ? pathIn(app) : null;
    if (path !== null) return { app, path };
  }
  return null;
}
