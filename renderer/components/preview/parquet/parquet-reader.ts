import { type ColumnChunk, type FileMetaData, parquetMetadata, parquetRead, parquetSchema } from 'hyparquet';
import { AppError } from '../../../../electron/shared/errors.ts';
import { formatFileSize } from '../../../text/size.ts';
import type { ReadRange } from '../worker/messages.ts';
import { showValue } from '../worker/show-value.ts';
import { checkPages } from './check-pages.ts';
import { checkThrift } from './check-thrift.ts';

/** So many rows are shown. */
export const PARQUET_ROWS = 100;
/** So many columns are shown. */
const MOST_COLUMNS = 60;
const FOOTER_LIMIT = 16 * 1024 * 1024;
/** A larger column of the first rows is not read, bytes. */
const COLUMN_LIMIT = 16 * 1024 * 1024;
/** All columns together, bytes. */
const FILE_LIMIT = 64 * 1024 * 1024;
/** The end of the file that is read first; a usual footer is in it. */
const TAIL = 64 * 1024;
const MAGIC = 'PAR1';
const READABLE: ReadonlySet<string> = new Set(['UNCOMPRESSED', 'SNAPPY']);

export interface ParquetColumn {
  name: string;
  type: string;
  /** Why its values are not shown; empty: they are. */
  why: string;
}

export interface ParquetTable {
  rows: number;
  rowGroups: number;
  /** So many columns are not shown. */
  columnsLeft: number;
  columns: ParquetColumn[];
  /** The values of each column. */
  values: string[][];
}

export type ParquetQuestions = { table: () => Promise<ParquetTable> };

const damaged = (detail?: string) =>
  new AppError('bad-input', 'The file is damaged or incomplete, or it is not a Parquet file.', { detail });

async function readMetadata(size: number, read: ReadRange): Promise<FileMetaData> {
  if (size < 12) throw damaged();
  let tail = await read(Math.max(0, size - TAIL), Math.min(size, TAIL));
  const end = tail.length;
  const ending = new TextDecoder('latin1').decode(tail.subarray(end - 4));
  if (ending === 'PARE') throw new AppError('bad-input', 'The file is encrypted, so it cannot be shown here.');
  if (ending !== MAGIC) throw damaged(`It ends with ${JSON.stringify(ending)} instead of ${MAGIC}.`);
  const length = new DataView(tail.buffer, tail.byteOffset + end - 8).getUint32(0, true);
  if (length > size - 12) throw damaged('Its footer is longer than the file.');
  if (length > FOOTER_LIMIT) {
    throw new AppError(
      'limit-exceeded',
      `Its footer is ${formatFileSize(length)} long, which is too much to be read here.`,
    );
  }
  if (length + 8 > end) tail = await read(size - length - 8, length + 8);
  const footer = tail.slice(tail.length - length - 8);
  try {
    checkThrift(footer, 0);
    return parquetMetadata(footer);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : undefined);
  }
}

/** The row groups that the first rows are in, and how many rows are read of them. */
function firstGroups({ row_groups: groups }: FileMetaData): { count: number; rows: number } {
  let rows = 0;
  let count = 0;
  while (count < groups.length && count < 10 && rows < PARQUET_ROWS) {
    rows += Number(groups[count]?.num_rows ?? 0);
    count += 1;
  }
  return { count, rows: Math.min(rows, PARQUET_ROWS) };
}

function chunkRange({ meta_data: about }: ColumnChunk): { start: number; end: number } | null {
  if (!about) return null;
  const start = Number(about.dictionary_page_offset || about.data_page_offset);
  const end = start + Number(about.total_compressed_size);
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start ? { start, end } : null;
}

interface Part {
  start: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The bytes of a range that begins and ends with a part. The library asks for neighbours at once, and reads nothing between them. */
function joinParts(parts: readonly Part[], start: number, end: number): ArrayBuffer {
  const within = parts.filter((part) => part.start >= start && part.start + part.bytes.length <= end);
  const hasEnds =
    within.some((part) => part.start === start) && within.some((part) => part.start + part.bytes.length === end);
  if (!hasEnds || end - start > 2 * COLUMN_LIMIT) throw new RangeError('It is not where the file says.');
  const joined = new Uint8Array(end - start);
  for (const part of within) joined.set(part.bytes, part.start - start);
  return joined.buffer;
}

/** Answers questions about a Parquet file that is read by ranges. */
export function parquetReader(size: number, read: ReadRange): ParquetQuestions {
  return {
    table: async () => {
      const metadata = await readMetadata(size, read);
      return new FirstRows(metadata, size, read).read();
    },
  };
}

class FirstRows {
  readonly #metadata: FileMetaData;
  readonly #size: number;
  readonly #read: ReadRange;
  #left = FILE_LIMIT;

  constructor(metadata: FileMetaData, size: number, read: ReadRange) {
    this.#metadata = metadata;
    this.#size = size;
    this.#read = read;
  }

  async read(): Promise<ParquetTable> {
    const fields = parquetSchema(this.#metadata).children;
    const columns: ParquetColumn[] = [];
    const values: string[][] = [];
    for (const { element } of fields.slice(0, MOST_COLUMNS)) {
      const { logical_type: logical, converted_type: converted, type, num_children: children } = element;
      const name = (logical?.type ?? converted ?? type ?? (children ? 'group' : 'unknown')).toLowerCase();
      const { why, shown } = await this.#column(element.name);
      columns.push({ name: element.name, type: name.replaceAll('_', ' '), why });
      values.push(shown);
    }
    return {
      rows: Number(this.#metadata.num_rows),
      rowGroups: this.#metadata.row_groups.length,
      columnsLeft: fields.length - columns.length,
      columns,
      values,
    };
  }

  async #column(name: string): Promise<{ why: string; shown: string[] }> {
    const groups = firstGroups(this.#metadata);
    const chunks = this.#metadata.row_groups
      .slice(0, groups.count)
      .flatMap(({ columns }) => columns.filter(({ meta_data: about }) => about?.path_in_schema[0] === name));
    const codec = chunks.map(({ meta_data: about }) => String(about?.codec)).find((each) => !READABLE.has(each));
    if (codec) return { why: `It is compressed with ${codec}, which cannot be read here.`, shown: [] };
    const ranges = chunks.map(chunkRange);
    const bytes = ranges.reduce((all, range) => all + (range ? range.end - range.start : 0), 0);
    if (bytes > COLUMN_LIMIT || bytes > this.#left) {
      return { why: `Its first rows are in ${formatFileSize(bytes)}, which is too much to be read here.`, shown: [] };
    }
    this.#left -= bytes;
    try {
      return { why: '', shown: await this.#values(name, groups.rows, ranges) };
    } catch (error) {
      if (error instanceof AppError) throw error;
      return { why: error instanceof Error ? `It cannot be read: ${error.message}` : 'It cannot be read.', shown: [] };
    }
  }

  async #values(name: string, rowEnd: number, ranges: readonly ({ start: number; end: number } | null)[]) {
    const parts: Part[] = [];
    for (const range of ranges) {
      if (!range || range.end > this.#size) throw new RangeError('It is not in the file.');
      const bytes = await this.#read(range.start, range.end - range.start);
      checkPages(bytes);
      parts.push({ start: range.start, bytes });
    }
    const slice = async (start: number, end = this.#size): Promise<ArrayBuffer> => joinParts(parts, start, end);
    const file = { byteLength: this.#size, slice };
    const rows: unknown[][] = [];
    const onComplete = (found: unknown[][]) => void rows.push(...found);
    await parquetRead({ file, metadata: this.#metadata, columns: [name], rowStart: 0, rowEnd, onComplete });
    return rows.map(([value]) => showValue(value));
  }
}
