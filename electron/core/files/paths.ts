import { quote } from '../../shared/shell-quote.ts';

/** A path as a word of a shell script that never begins with a dash; `~` and relative paths begin at the home directory. */
export function shellPath(path: string): string {
  if (path === '' || path === '~') return '"$HOME"';
  if (path.startsWith('~/')) return `"$HOME"/${quote(path.slice(2) || '.')}`;
  return path.startsWith('/') ? quote(path) : `"$HOME"/${quote(path)}`;
}

/** The same path for sftp, which knows no `~`; its sessions begin in the home directory, as scripts do. */
export function sftpPath(path: string): string {
  const relative = path.replace(/^~(\/+|$)/, '') || '.';
  return relative.startsWith('-') ? `./${relative}` : relative;
}
