import { splitName } from '../../shared/file-names.ts';
import { quote } from '../../shared/shell-quote.ts';

/** A path as a word of a shell script that never begins with a dash; `~` and relative paths begin at the home directory. */
export function shellPath(path: string): string {
  if (path === '' || path === '~') return '"$HOME"';
  if (path.startsWith('~/')) return `"$HOME"/${quoteName(path.slice(2) || '.')}`;
  return path.startsWith('/') ? quoteName(path) : `"$HOME"/${quoteName(path)}`;
}

/** A name as a part of a word of a shell script, byte for byte. */
export function quoteName(name: string): string {
  return splitName(name)
    .map((part) => (typeof part === 'string' ? quote(part) : quoteBytes(part)))
    .join('');
}

/** Bytes above 127 are no text, so the script names them by numbers; the others are control characters, which quotes keep. */
function quoteBytes(bytes: Uint8Array): string {
  const words = [...bytes].map((byte) =>
    byte < 0x80 ? quote(String.fromCharCode(byte)) : `"$(printf '\\${byte.toString(8)}')"`,
  );
  return words.join('');
}

/** The folder of a path, which may be the home directory, and the name in it. */
export function splitPath(path: string): { folder: string; name: string } {
  const whole = path.replace(/\/+$/, '');
  const at = whole.lastIndexOf('/');
  return { folder: at < 0 ? '' : whole.slice(0, at) || '/', name: whole.slice(at + 1) };
}

/** The same path for sftp, which knows no `~`; its sessions begin in the home directory, as scripts do. */
export function sftpPath(path: string): string {
  const relative = path.replace(/^~(\/+|$)/, '') || '.';
  return relative.startsWith('-') ? `./${relative}` : relative;
}
