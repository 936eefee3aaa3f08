import { invoke } from '../../bridge.ts';
import type { FileSource } from './file-source.ts';

/** Files of this computer, by the main process. */
export const localSource: FileSource = {
  async read(path, onPart, signal) {
    const list = await invoke('local.list', { path }, signal);
    onPart({ path: list.path, entries: list.entries, isComplete: true });
  },
  places: (signal) => invoke('local.places', undefined, signal),
  space: (path, signal) => invoke('local.space', { path }, signal),
  readPart: async (path, offset, length, signal) =>
    new Uint8Array(await invoke('local.read', { path, offset, length }, signal)),
  stat: (path, signal) => invoke('local.stat', { path }, signal),
  write: (path, bytes, expected) => invoke('local.write', { path, bytes, sha256: expected?.sha256 ?? null }),
  makeDirectory: (path) => invoke('local.makeDirectory', { path }),
  makeFile: (path) => invoke('local.makeFile', { path }),
  move: (path, newPath) => invoke('local.move', { path, newPath }),
  copy: (path, newPath, signal) => invoke('local.copy', { path, newPath }, signal),
  async trash(path) {
    await invoke('local.trash', { path });
    return null;
  },
  remove: (path) => invoke('local.remove', { path }),
  setMode: (path, change) => invoke('local.setMode', { path, ...change }),
};
