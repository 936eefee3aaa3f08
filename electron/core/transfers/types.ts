import type { AppError } from '../../shared/errors.ts';
import type { TransferOptions } from '../../shared/transfers.ts';
import type { BlockRange } from './resume-policy.ts';

export type FileKind = 'folder' | 'file' | 'link' | 'other';

/** What is at a path of one end. */
export interface FoundFile {
  /** From the root of the search on, with `/`; empty: the root itself. */
  name: string;
  kind: FileKind;
  /** What a link leads to; of all others what they are. */
  leadsTo: FileKind;
  size: number;
  /** Epoch ms. */
  modified: number;
  /** As in chmod. */
  mode: number;
  /** The text of a link; else null. */
  link: string | null;
}

export interface Failure {
  /** On its end. */
  path: string;
  error: AppError;
}

export interface FileTree {
  files: FoundFile[];
  /** What could not be looked at. */
  failures: Failure[];
}

export interface WriteOptions {
  /** Bytes that are in the file already. */
  offset: number;
  /** Of the whole file. */
  size: number;
  /** So many bytes of it are in the file from its beginning on. */
  onWritten(end: number): void;
  signal: AbortSignal;
}

export interface FinishOptions {
  /** What is there is replaced only where it is older. */
  keepsNewer: boolean;
  signal: AbortSignal;
}

export interface NewFolder {
  path: string;
  /** As in chmod: who cannot look into its source cannot look into it; its owner always can. */
  mode: number;
}

/** One side of a transfer: the files of this computer, or those of a cluster. Paths are absolute, except for `resolve`. */
export interface FileEnd {
  /** @throws AppError `bad-input` for what is no path of this end */
  resolve(path: string, signal: AbortSignal): Promise<string>;
  join(folder: string, name: string): string;
  baseName(path: string): string;
  /** Whether a file here can have this name. */
  isName(name: string): boolean;
  /** The same for all spellings of a path that are one file here. */
  identity(path: string): string;
  /** Everything at and below a path, folders before what is in them. @throws AppError `not-found` and others */
  tree(path: string, links: TransferOptions['links'], signal: AbortSignal): Promise<FileTree>;
  /** One path alone; null: nothing is there. @throws AppError where that cannot be known */
  stat(path: string, links: TransferOptions['links'], signal: AbortSignal): Promise<FoundFile | null>;
  /** What is directly in each of these folders, by its whole path; those that are not there have nothing. */
  look(folders: readonly string[], signal: AbortSignal): Promise<Map<string, FoundFile>>;
  /** With those above them. @returns those that could not be made, by path */
  makeFolders(folders: readonly NewFolder[], signal: AbortSignal): Promise<Map<string, AppError>>;
  /** SHA-256, hex, by path; files that cannot be read have none. @throws AppError `command-missing` */
  hashes(paths: readonly string[], signal: AbortSignal): Promise<Map<string, string>>;
  /** SHA-256, hex, of whole blocks of a file from one on; none where it ends before, or cannot be read. */
  blockHashes(path: string, range: BlockRange, signal: AbortSignal): Promise<string[]>;
  /** Made as `part`, then named. @throws AppError as `finishPart` */
  makeLink(part: string, item: PlannedItem, signal: AbortSignal): Promise<void>;
  /** Bytes of small files in one stream to this end. */
  readonly smallBatch: number;
  /** The content of small files in one stream; those that cannot be read, or have another size by now, are left out. */
  readSmall(
    items: readonly PlannedItem[],
    options: { follows: boolean; signal: AbortSignal },
  ): AsyncIterable<SmallFile>;
  /** Writes small files in one stream, and gives the items whose files are in place. */
  writeSmall(files: AsyncIterable<SmallFile>, target: SmallTarget): AsyncIterable<PlannedItem>;
  /** Bytes from `offset` on, at most to `end`. */
  read(path: string, range: { offset: number; end: number }, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Writes a file that has no other reader yet. An error leaves what was written. */
  writePart(part: string, source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<void>;
  /**
   * Gives a complete file its name. Where nothing had the name when the files were listed, only what an earlier attempt has
   * copied is replaced. @returns false where what has the name is as new by now, and `keepsNewer` @throws AppError `conflict`
   */
  finishPart(part: string, item: PlannedItem, options: FinishOptions): Promise<boolean>;
  /** Folders that an attempt which was ended has left for files that were not complete. */
  removeStaging(destination: string, transferId: string): Promise<void>;
  /** It may be gone already. */
  removePart(part: string): Promise<void>;
}

/** A file, folder or link of a transfer. */
export interface PlannedItem {
  kind: Exclude<FileKind, 'other'>;
  /** From the destination on, as the user sees it. */
  name: string;
  source: string;
  target: string;
  size: number;
  modified: number;
  mode: number;
  link: string | null;
  /** What has the target's name already; null: nothing. */
  existing: Pick<FoundFile, 'kind' | 'leadsTo' | 'size' | 'modified'> | null;
}

export interface SmallFile {
  item: PlannedItem;
  content: Uint8Array;
}

export interface SmallTarget {
  destination: string;
  /** A folder in it that is not there yet, for files that are not complete. */
  staging: string;
  /** Where a file is written by itself until it is complete. */
  part(item: PlannedItem): string;
  /** Files of these names are replaced; else they stay. */
  replaces: boolean;
  /** Only where they are older. */
  keepsNewer: boolean;
  signal: AbortSignal;
}

/** Both sides of a transfer. */
export interface Ends {
  source: FileEnd;
  target: FileEnd;
}
