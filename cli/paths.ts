import { fileURLToPath } from 'node:url';
import { dataDirectory } from '../electron/client/data-directory.ts';

/** A file of the bundle, all of whose files are in dist/ itself. */
export const installedFile = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The folders of the desktop app as well: what one saves the other has. */
export const installedPaths = () => ({
  data: dataDirectory(),
  recipes: installedFile('../recipes'),
  sites: installedFile('../sites'),
  pages: installedFile('pages'),
  demoCluster: installedFile('demo-cluster.js'),
  cli: installedFile('cli.js'),
});
