import type { FileEntry } from '../../../electron/shared/files.ts';

/** So much of a text is read at once, bytes. */
export const TEXT_PART = 64 * 1024;
/** Larger images are not shown, bytes. */
const IMAGE_LIMIT = 8 * 1024 * 1024;

const imageTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
};

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** The type of an image that can be shown; null: it is none. */
export function imageTypeOf(name: string): string | null {
  const extension = extensionOf(name);
  return Object.hasOwn(imageTypes, extension) ? (imageTypes[extension] ?? null) : null;
}

/** How a file is looked at first; what is read as text may turn out to be none. */
export type PreviewKind =
  | { kind: 'image'; type: string; size: number }
  | { kind: 'text' }
  | { kind: 'none'; why: string };

export function previewKindOf({ name, kind, size }: FileEntry): PreviewKind {
  if (kind !== 'file') return { kind: 'none', why: 'It is neither a file nor a folder.' };
  const type = imageTypeOf(name);
  if (type === null) return { kind: 'text' };
  if (size === null || size > IMAGE_LIMIT) return { kind: 'none', why: 'The image is too large to be shown here.' };
  return { kind: 'image', type, size };
}

/** Text has no NUL near its start. */
export const isText = (bytes: Uint8Array): boolean => !bytes.subarray(0, 8192).includes(0);

/** A character may lie across two parts, so they are decoded as one stream. */
export function decodeParts(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const text = parts.map((part) => decoder.decode(part, { stream: true })).join('');
  return text + decoder.decode();
}
