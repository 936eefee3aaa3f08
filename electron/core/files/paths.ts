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

/** What a script printed, each ended by NUL. */
export function splitFields(output: Uint8Array): Buffer[] {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const fields: Buffer[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
    fields.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return fields;
}

/** The same path for sftp, which knows no `~`; its sessions begin in the home directory, as scripts do. */
export function sftpPath(path: string): string {
  const relative = path.replace(/^~(\/+|$)/, '') || '.';
  return relative.startsWith('-') ? `./${relative}` : relative;
}
