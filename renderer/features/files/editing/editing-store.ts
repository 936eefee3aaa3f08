import type { EditorState, Text } from '@codemirror/state';
import { create } from 'zustand';
import type { AppError } from '../../../../electron/shared/errors.ts';
import type { Encoding } from '../../../components/text-editor/text-encoding.ts';
import type { ReadContent } from '../file-source.ts';
import { type Source, sourceKey } from '../places.ts';

/** A text as it was read from a file. */
export interface ReadText {
  content: ReadContent;
  text: string;
  encoding: Encoding;
}

/** What is edited. */
export interface TextDocument {
  kind: 'text';
  /** With what was typed and how to undo it. */
  state: EditorState;
  encoding: Encoding;
  /** What the file holds, as far as it is known here. */
  saved: { content: ReadContent; doc: Text; encoding: Encoding };
  isSaving: boolean;
  /** Why it was not saved. */
  error: AppError | null;
  /** What somebody else wrote meanwhile; `gone`: the file is no text or not there any more; null: nothing. */
  theirs: ReadText | 'gone' | null;
}

export type OpenContent =
  | TextDocument
  | { kind: 'loading' }
  | { kind: 'failed'; error: AppError }
  /** It cannot be shown as text. */
  | { kind: 'refused'; why: string }
  /** It is read in parts and not edited. */
  | { kind: 'parts'; isFollowing: boolean; isLarge: boolean };

export interface OpenFile {
  key: string;
  source: Source;
  path: string;
  /** The job whose page it was opened from. */
  job: string | null;
  content: OpenContent;
}

interface EditingState {
  /** In the order in which they were opened. */
  files: readonly OpenFile[];
  /** The key of the file that is shown; null: the list of files is. */
  active: string | null;
}

/** Files that are open; they stay as they are while another page is shown, and when a connection is lost. */
export const useEditing = create<EditingState>(() => ({ files: [], active: null }));

export const keyOf = (source: Source, path: string): string => `${sourceKey(source)} ${path}`;

export const openFileOf = (key: string): OpenFile | undefined =>
  useEditing.getState().files.find((file) => file.key === key);

export function changeFile(key: string, changes: Partial<OpenFile>): void {
  useEditing.setState(({ files, active }) => ({
    files: files.map((file) => (file.key === key ? { ...file, ...changes } : file)),
    active: active === key ? (changes.key ?? key) : active,
  }));
}

export const documentOf = (key: string): TextDocument | null => {
  const content = openFileOf(key)?.content;
  return content?.kind === 'text' ? content : null;
};

/** Changes a document, if it is still open. */
export function changeDocument(key: string, changes: Partial<TextDocument>): void {
  const document = documentOf(key);
  if (document) changeFile(key, { content: { ...document, ...changes } });
}

export const isUnsaved = ({ content }: Pick<OpenFile, 'content'>): boolean =>
  content.kind === 'text' && (content.encoding !== content.saved.encoding || !content.state.doc.eq(content.saved.doc));

export const unsavedFiles = (): OpenFile[] => useEditing.getState().files.filter(isUnsaved);
