import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the desktop app, the commands and other programs of this user keep and find everything. */
export const dataDirectory = (environment: Environment = process.env): string =>
  resolve(environment.TUNEL_DATA_DIR ?? join(configFolder(environment), 'Tunel'));

/** Electron's `appData`. */
function configFolder(environment: Environment): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support');
  if (process.platform === 'win32') return environment.APPDATA ?? join(homedir(), 'AppData/Roaming');
  return environment.XDG_CONFIG_HOME ?? join(homedir(), '.config');
}
