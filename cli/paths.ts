import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

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

export const dataDirectory = (): string => resolve(process.env.TUNEL_DATA_DIR ?? join(configFolder(), 'Tunel'));

/** Electron's `appData`. */
function configFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support');
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData/Roaming');
  return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
}
