import type { Instance } from '../../../electron/shared/instances.ts';
import { jupyterPath } from './app-paths.ts';

/** A notebook that a Jupyter was launched for: its view begins there. */
interface WantedNotebook {
  clusterId: string;
  path: string;
  /** Epoch ms. */
  since: number;
}

let wanted: WantedNotebook | null = null;

export function wantNotebook(notebook: WantedNotebook): void {
  wanted = notebook;
}

/** Where the view of an app begins when it is opened for the first time; undefined: where it always does. */
export function takeWantedPath(app: Instance): string | undefined {
  if (!wanted || app.recipe !== 'jupyter' || app.clusterId !== wanted.clusterId || app.createdAt < wanted.since) return;
  const path = jupyterPath(app, wanted.path);
  if (path === null) return;
  wanted = null;
  return path;
}
