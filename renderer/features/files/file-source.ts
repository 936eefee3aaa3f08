import type { FileEntry, FileInfo, FilePlace, FileSpace, ModeChange } from '../../../electron/shared/files.ts';

/** A part of a folder, all that is known of it so far. */
export interface FolderPart {
  /** Absolute, as the computer writes it. */
  path: string;
  entries: readonly FileEntry[];
  isComplete: boolean;
}

/** The content of a file, as it was read. */
export interface ReadContent {
  sha256: string;
  /** As `stat` has it; null: not known. */
  version: string | null;
}

/** What can be done with files of a cluster or of this computer. All reject with an AppError. */
export interface FileSource {
  /** Reads a folder; `onPart` gets all that was read so far, at least once. */
  read(path: string, onPart: (part: FolderPart) => void, signal: AbortSignal): Promise<void>;
  places(signal: AbortSignal): Promise<FilePlace[]>;
  /** null: it is not known. */
  space(path: string, signal: AbortSignal): Promise<FileSpace | null>;
  /** Part of a file; shorter where the file ends. */
  readPart(path: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
  stat(path: string, signal?: AbortSignal): Promise<FileInfo>;
  /** Replaces what was read, and rejects with `file-changed` where it is that no more; null: nothing is to be there yet. */
  write(path: string, bytes: Uint8Array<ArrayBuffer>, expected: ReadContent | null): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  /** An empty file, where nothing has that name. */
  makeFile(path: string): Promise<void>;
  move(path: string, newPath: string): Promise<void>;
  copy(path: string, newPath: string, signal?: AbortSignal): Promise<void>;
  /** Resolves with what takes it back; null: the system's own trash does that. */
  trash(path: string): Promise<(() => Promise<unknown>) | null>;
  /** For good. */
  remove(path: string): Promise<void>;
  setMode(path: string, change: ModeChange): Promise<void>;
}
