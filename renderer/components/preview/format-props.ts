import type { FileEntry } from '../../../electron/shared/files.ts';
import type { ReadPart } from './use-preview.ts';

/** What the view of a format gets; it is loaded when the first such file is shown. */
export interface FormatProps {
  entry: FileEntry;
  /** As it is shown. */
  path: string;
  size: number;
  read: ReadPart;
}
