import type { Folder, FolderStart, Inspection } from '../../../electron/shared/folders.ts';

/** What can be changed before a folder is saved as a recipe. */
export interface FolderDraft {
  title: string;
  start: FolderStart;
}

/** What the form begins with: a saved folder as it was saved, another one as it was recognised. */
export function toDraft({ title, recognition }: Inspection, saved: Folder | undefined): FolderDraft {
  const { kind, line, environment, listen, rescale } = recognition;
  if (saved) return { title: saved.title, start: { ...saved.start, environment } };
  return { title, start: { kind, line, environment, listen, rescale } };
}

export const isComplete = (draft: FolderDraft | null): boolean =>
  draft !== null && draft.start.line.trim() !== '' && draft.title.trim() !== '';
