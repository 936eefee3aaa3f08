import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders of the desktop app as well: what one saves the other has. Every file of the bundle is in dist/ itself. */
export function installedPaths() {
  const dist = dirname(fileURLToPath(import.meta.url));
  return {
    data: dataDirectory(),
    recipes: join(dist, '../recipes'),
    sites: join(dist, '../sites'),
    pages: join(dist, 'pages'),
    demoCluster: join(dist, 'demo-cluster.js'),
  };
}

export const dataDirectory = (): string => process.env.TUNEL_DATA_DIR ?? join(configFolder(), 'Tunel');

/** Electron's `appData`. */
function configFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support');
  if (process.platform === 'win32') return process.env.APPDATA ?? join(homedir(), 'AppData/Roaming');
  return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
}
