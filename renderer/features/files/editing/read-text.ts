import { AppError } from '../../../../electron/shared/errors.ts';
import { decodeText } from '../../../components/text-editor/text-encoding.ts';
import type { FileSource } from '../file-source.ts';
import type { ReadText } from './editing-store.ts';

/** Larger files are read in parts and not edited, bytes. */
export const MOST_EDITED = 8 * 1024 * 1024;
/** A file that is written all the time is taken as it is after so many readings. */
const TRIES = 3;

export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export type Reading = { kind: 'text'; read: ReadText } | { kind: 'large' } | { kind: 'refused'; why: string };

const noFile: Reading = { kind: 'refused', why: 'It is neither a file nor a folder.' };
const noText: Reading = {
  kind: 'refused',
  why: 'It is not a text: it contains bytes that no text has, and an editor would damage it. Open it with the program that wrote it.',
};

/** Reads a whole file as text. @throws AppError */
export async function readText(
  source: Pick<FileSource, 'stat' | 'readPart'>,
  path: string,
  signal: AbortSignal,
): Promise<Reading> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await source.stat(path, signal);
    if (before.kind === 'folder') return { kind: 'refused', why: 'It is a folder.' };
    if (before.kind !== 'file') return noFile;
    if ((before.size ?? 0) > MOST_EDITED) return { kind: 'large' };
    const bytes = await source.readPart(path, 0, MOST_EDITED + 1, signal);
    if (bytes.length > MOST_EDITED) return { kind: 'large' };
    const { version } = await source.stat(path, signal);
    if (version !== before.version && attempt < TRIES) continue;
    const decoded = decodeText(bytes);
    if (!decoded) return noText;
    return { kind: 'text', read: { ...decoded, content: { sha256: await sha256Of(bytes), version } } };
  }
}

/** What a file holds now; `gone`: nothing that can be compared with a text. @throws AppError */
export async function readTheirs(
  source: Pick<FileSource, 'stat' | 'readPart'>,
  path: string,
  signal: AbortSignal,
): Promise<ReadText | 'gone'> {
  try {
    const reading = await readText(source, path, signal);
    return reading.kind === 'text' ? reading.read : 'gone';
  } catch (error) {
    if (AppError.from(error).code === 'not-found') return 'gone';
    throw error;
  }
}
