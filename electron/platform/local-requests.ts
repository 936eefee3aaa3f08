import { app, shell } from 'electron';
import type { WindowHandlers } from '../ipc/bridge.ts';
import type { WindowRequestName } from '../shared/contract/index.ts';
import type { FilePlace } from '../shared/files.ts';
import { createLocalFiles } from './local-files.ts';

type LocalRequest = Extract<WindowRequestName, `local.${string}`>;

const folders = { desktop: 'Desktop', documents: 'Documents', downloads: 'Downloads' } as const;

/** Those that the system knows. */
function knownFolders(): FilePlace[] {
  return (Object.keys(folders) as (keyof typeof folders)[]).flatMap((key) => {
    const path = app.getPath(key);
    // Without such a folder some systems name the home directory.
    return path === app.getPath('home') ? [] : [{ name: folders[key], path }];
  });
}

/** Files of this computer, for its own window alone: the engine never answers these. */
export function localHandlers(): Pick<WindowHandlers, LocalRequest> {
  const files = createLocalFiles({
    isWindows: process.platform === 'win32',
    trashItem: (path) => shell.trashItem(path),
    knownFolders,
  });
  return {
    'local.list': ({ path }, signal) => files.list(path, signal),
    'local.places': () => files.places(),
    'local.space': ({ path }) => files.space(path),
    'local.makeDirectory': ({ path }) => files.makeDirectory(path),
    'local.makeFile': ({ path }) => files.makeFile(path),
    'local.move': ({ path, newPath }) => files.move(path, newPath),
    'local.copy': ({ path, newPath }, signal) => files.copy(path, newPath, signal),
    'local.trash': ({ path }) => files.trash(path),
    'local.remove': ({ path }) => files.remove(path),
    'local.setMode': ({ path, ...change }) => files.setMode(path, change),
    'local.stat': ({ path }) => files.stat(path),
    'local.write': ({ path, bytes, sha256 }) => files.write(path, bytes, sha256),
    'local.read': ({ path, offset, length }) => files.read(path, offset, length),
  };
}
