import { release } from 'node:os';
import { app } from 'electron';

/** What About shows. */
export function versions(): Record<string, string> {
  return {
    tunel: app.getVersion(),
    electron: process.versions.electron ?? '',
    chromium: process.versions.chrome ?? '',
    node: process.versions.node,
    system: `${process.platform} ${release()} ${process.arch}`,
  };
}
