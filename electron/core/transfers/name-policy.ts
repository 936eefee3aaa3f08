import { createHash } from 'node:crypto';

/** What Windows keeps for devices. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?$/i;

/** Whether a name from a cluster is one that a file of this computer can have, and that leads nowhere else. */
export function isLocalName(name: string, platform: NodeJS.Platform): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return false;
  if (platform !== 'win32') return true;
  return !/[<>:"|?*\\\p{Cc}]|[ .]$/u.test(name) && !devices.test(name);
}

/** macOS and Windows take names that differ only in case or in how an accent is written for the same. */
export const localIdentity = (path: string, platform: NodeJS.Platform): string =>
  platform === 'darwin' || platform === 'win32' ? path.normalize('NFC').toLowerCase() : path;

/** Names are text; one that is not shows this in place of its bytes. */
export const isText = (name: string): boolean => !name.includes('\ufffd');

const MOST_BYTES = 255;

/** What a file is called until it is complete: its own name, and whose it is. Different names give different ones. */
export function partName(name: string, transferId: string): string {
  const ending = `.${transferId.slice(0, 8)}.part`;
  const whole = name + ending;
  if (Buffer.byteLength(whole) <= MOST_BYTES) return whole;
  const rest = `.${createHash('sha256').update(name).digest('hex').slice(0, 16)}${ending}`;
  let stem = name;
  while (Buffer.byteLength(stem + rest) > MOST_BYTES) stem = stem.slice(0, -1);
  return stem + rest;
}
