import type { FileEntry } from '../../../electron/shared/files.ts';

/** So much of a text is read at once, bytes. */
export const TEXT_PART = 64 * 1024;
/** Larger images are not shown, bytes. */
export const IMAGE_LIMIT = 8 * 1024 * 1024;

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

/** A kind of file with a view of its own. */
export type Format = 'hdf5' | 'parquet' | 'html' | 'notebook';

const formats: Record<string, Format> = {
  h5: 'hdf5',
  hdf5: 'hdf5',
  hdf: 'hdf5',
  he5: 'hdf5',
  h5ad: 'hdf5',
  nxs: 'hdf5',
  nx5: 'hdf5',
  nc: 'hdf5',
  nc4: 'hdf5',
  parquet: 'parquet',
  pq: 'parquet',
  html: 'html',
  htm: 'html',
  ipynb: 'notebook',
};

/** null: it has none. */
export function formatOf(name: string): Format | null {
  const extension = extensionOf(name);
  return Object.hasOwn(formats, extension) ? (formats[extension] ?? null) : null;
}

/** How a file is looked at first; what is read as text may turn out to be none. */
export type PreviewKind =
  /** `most`: bytes of it that are read; more than the limit where its size is not known, as of a link. */
  | { kind: 'image'; type: string; most: number }
  | { kind: 'format'; format: Format; size: number }
  | { kind: 'text' }
  | { kind: 'none'; why: string };

export const imageTooLarge = { kind: 'none', why: 'The image is too large to be shown here.' } as const;

const pdfNotShown = {
  kind: 'none',
  why: 'PDF files cannot be shown here: the viewer would need plugins, which are off in this window. Open the file with another program.',
} as const;
const sizeUnknown = { kind: 'none', why: 'Its size is not known, so its parts cannot be read.' } as const;

/** How a file can be shown instead of as text; null: in no other way. */
export function otherThanText(name: string): 'Table' | 'Page' | null {
  if (delimiterOf(name) !== null) return 'Table';
  const format = formatOf(name);
  return isMarkdown(name) || format === 'html' || format === 'notebook' ? 'Page' : null;
}

export const isMarkdown = (name: string): boolean => ['md', 'markdown'].includes(extensionOf(name));

/** `asText`: as the text that a file of some formats is, too. */
export function previewKindOf({ name, kind, size }: FileEntry, asText = false): PreviewKind {
  if (kind !== 'file') return { kind: 'none', why: 'It is neither a file nor a folder.' };
  const format = asText && otherThanText(name) ? null : formatOf(name);
  if (format) {
    if (size === 0) return { kind: 'none', why: 'The file is empty.' };
    return size === null ? sizeUnknown : { kind: 'format', format, size };
  }
  if (extensionOf(name) === 'pdf') return pdfNotShown;
  const type = imageTypeOf(name);
  if (type === null) return { kind: 'text' };
  if (size !== null && size > IMAGE_LIMIT) return imageTooLarge;
  return { kind: 'image', type, most: size ?? IMAGE_LIMIT + 1 };
}

const delimiters: Record<string, string> = { csv: ',', tsv: '\t' };

/** What separates the columns of a table; null: the file is no table. */
export function delimiterOf(name: string): string | null {
  const extension = extensionOf(name);
  return Object.hasOwn(delimiters, extension) ? (delimiters[extension] ?? null) : null;
}

/** Rows of a table that are shown at most. */
const MOST_ROWS = 500;

/** The first rows of a table. A quoted field may hold the delimiter, line ends and doubled quotes. `isCut`: the text goes on. */
export function parseTable(text: string, delimiter: string, isCut: boolean): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  const endRow = () => {
    rows.push([...row, field]);
    row = [];
    field = '';
  };
  for (let at = 0; at < text.length && rows.length < MOST_ROWS; at += 1) {
    const character = text[at] ?? '';
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && field === '') isQuoted = true;
    else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n') endRow();
    else if (character !== '\r' || text[at + 1] !== '\n') field += character;
  }
  const hasRest = field !== '' || row.length > 0;
  if (hasRest && !isCut && rows.length < MOST_ROWS) endRow();
  return rows;
}

/** Text has no NUL near its start. */
export const isText = (bytes: Uint8Array): boolean => !bytes.subarray(0, 8192).includes(0);

/** A character may lie across two parts, so they are decoded as one stream. */
export function decodeParts(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  const text = parts.map((part) => decoder.decode(part, { stream: true })).join('');
  return text + decoder.decode();
}
