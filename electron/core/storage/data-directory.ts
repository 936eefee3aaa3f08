import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { storageError } from '../../client/storage-error.ts';
import type { Notice } from '../../shared/state.ts';

/**
 * Makes the data directory for this user only, and closes one that others can enter. Windows has no such modes.
 * @returns what the user should know where it stays open
 */
export function prepareDataDirectory(directory: string): Notice | null {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32' || modeOf(directory) === 0o700) return null;
    try {
      chmodSync(directory, 0o700);
    } catch {
      // It belongs to somebody else; whether it may be used at all shows with the first write.
    }
    const mode = modeOf(directory);
    return (mode & 0o077) === 0 ? null : openDirectoryNotice(directory, mode);
  } catch (cause) {
    throw storageError(directory, cause);
  }
}

const modeOf = (directory: string): number => statSync(directory).mode & 0o777;

function openDirectoryNotice(directory: string, mode: number): Notice {
  const octal = mode.toString(8);
  return {
    id: 'directory-open',
    code: 'directory-open',
    kind: 'warning',
    title: 'Others can read the data directory',
    text: `The mode of ${directory} is ${octal} and could not be changed. Close it with: chmod 700 ${directory}`,
    values: { directory, mode: octal },
  };
}
