import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** What is expensive to make and outlives a checkout. */
export function cacheDir() {
  if (process.env.XDG_CACHE_HOME) return join(process.env.XDG_CACHE_HOME, 'tunel-desktop');
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/tunel-desktop');
  return join(homedir(), '.cache/tunel-desktop');
}

/** True when Chromium refuses to start with its sandbox. */
export const isRoot = process.getuid?.() === 0;
