import { quoteName } from '../../shared/quote-name.ts';

/** A path as a word of a shell script that never begins with a dash; `~` and relative paths begin at the home directory. */
export function shellPath(path: string): string {
  if (path === '' || path === '~') return '"$HOME"';
  if (path.startsWith('~/')) return `"$HOME"/${quoteName(path.slice(2) || '.')}`;
  return path.startsWith('/') ? quoteName(path) : `"$HOME"/${quoteName(path)}`;
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
