/** What is directly in a group. */
export interface DataTreeEntry {
  name: string;
  path: string;
  kind: 'group' | 'dataset' | 'type' | 'link';
  /** The lengths of its dimensions; null: it has none, or is no dataset. */
  shape: number[] | null;
  /** Of a dataset its type; of a link where it leads. */
  note: string;
}

export interface DataTreeList {
  entries: DataTreeEntry[];
  /** More than `entries` where not all are listed. */
  total: number;
}

/** Values of a dataset as rows and columns: the last two of its dimensions. */
export interface DataSlab {
  rows: number;
  columns: number;
  /** There are more than these. */
  isCut: boolean;
  /** All of them row by row; null: they are no numbers. */
  numbers: Float64Array<ArrayBuffer> | null;
  /** The first of them as text. */
  cells: string[][];
}

export interface DataObject {
  attributes: { name: string; value: string }[];
  /** So many attributes are not shown. */
  attributesLeft: number;
  /** null: it is no dataset. */
  dataset: { shape: number[] | null; type: string; storage: string } | null;
  /** null: see `why`. */
  slab: DataSlab | null;
  /** Why no values are shown. */
  why: string;
}

/** `at`: where the dimensions before the last two are looked at. */
export interface DataQuestion {
  path: string;
  at: number[];
}

/** What readers of files with datasets answer. */
export type DataQuestions = {
  list: (path: string) => Promise<DataTreeList>;
  show: (question: DataQuestion) => Promise<DataObject>;
};

/** More entries of one group are not listed. */
export const MOST_ENTRIES = 500;
/** More attributes of one object are not shown. */
export const MOST_ATTRIBUTES = 100;
/** More values of a dataset are not read at once. */
export const MOST_VALUES = 262_144;
export const MOST_ROWS = 50;
export const MOST_COLUMNS = 20;

/** Which part of a dataset is shown: a range for each dimension. */
export function slabOf(shape: readonly number[], at: readonly number[]) {
  const rank = shape.length;
  const last = shape[rank - 1] ?? 1;
  const columns = rank < 2 ? 1 : Math.min(last, MOST_VALUES);
  const length = rank === 0 ? 1 : rank === 1 ? last : (shape[rank - 2] ?? 1);
  const rows = Math.min(length, Math.floor(MOST_VALUES / Math.max(1, columns)));
  const ranges = shape.map((size, index): [number, number] => {
    if (rank === 1) return [0, rows];
    if (index === rank - 1) return [0, columns];
    if (index === rank - 2) return [0, rows];
    const from = Math.min(Math.max(0, at[index] ?? 0), Math.max(0, size - 1));
    return [from, from + 1];
  });
  return { rows, columns, ranges, isCut: rows < length || (rank > 1 && columns < last) };
}

/** The first values as text. `valueAt`: row by row. */
export function showCells(rows: number, columns: number, valueAt: (index: number) => string): string[][] {
  return Array.from({ length: Math.min(rows, MOST_ROWS) }, (_, row) =>
    Array.from({ length: Math.min(columns, MOST_COLUMNS) }, (__, column) => valueAt(row * columns + column)),
  );
}
