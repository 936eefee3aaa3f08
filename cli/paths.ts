import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Paths } from '../electron/core/deps.ts';

/** The same folders as the desktop app's: what one saves the other has. `here` is the bundled cli's own folder, dist/. */
export function cliPaths(): Paths {
  const here = dirname(fileURLToPath(import.meta.url));
  return {
    data: process.env.TUNEL_DATA_DIR ?? join(configFolder(), 'Tunel'),
    recipes: join(here, '../recipes'),
    sites: join(here, '../sites'),
    pages: join(here, 'pages'),
    demoCluster: join(here, 'demo-cluster.js'),
  };
}

/** Electron's `appData`. */
function configFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support');
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData/Roaming');
  return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
}
