import type { FileInfo } from '../../shared/files.ts';

/** A part of a file as a client asks for it. */
export interface AskedPart {
  /** Negative: that many bytes before its end. */
  offset: number;
  length?: number;
}

/** Of a `Range` header; null: the whole file, as for several ranges and for what cannot be read (RFC 9110, 14.2). */
export function readRange(header: string | undefined): AskedPart | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') return { offset: -Number(last), length: Number(last) };
  if (last === '') return { offset: Number(first) };
  const length = Number(last) - Number(first) + 1;
  return length > 0 ? { offset: Number(first), length } : null;
}

/** null: without a version there is nothing to compare. */
export const etagOf = ({ version }: Pick<FileInfo, 'version'>): string | null =>
  version === null ? null : `"${version}"`;

/** Whether a list of tags names this one; `*` names every file. Weak tags only where two answers may be told apart weakly. */
export function namesTag(header: string | undefined, etag: string | null, comparison: 'strong' | 'weak'): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const tags = header.split(',').map((tag) => tag.trim());
  return etag !== null && tags.some((tag) => (comparison === 'weak' ? tag.replace(/^W\//, '') : tag) === etag);
}

interface AnsweredPart {
  status: 200 | 206 | 416;
  /** null: not known beforehand. */
  bytes: number | null;
  contentRange: string | null;
}

/** How the answer describes the part that was opened. */
export function answerPart(asked: AskedPart | null, size: number | null, offset: number): AnsweredPart {
  // A file of /proc has a size of 0, whatever it holds.
  if (size === null || (size === 0 && !asked)) return { status: 200, bytes: null, contentRange: null };
  if (!asked) return { status: 200, bytes: size, contentRange: null };
  const bytes = Math.min(asked.length ?? size, size - offset);
  if (bytes <= 0) return { status: 416, bytes: 0, contentRange: `bytes */${size}` };
  return { status: 206, bytes, contentRange: `bytes ${offset}-${offset + bytes - 1}/${size}` };
}
