import { isSamePlace, type Place, parentOf, type Source } from './places.ts';

export interface DraggedFiles {
  source: Source;
  paths: readonly string[];
}

let dragged: { mark: string; files: DraggedFiles } | null = null;

/**
 * Keeps what is dragged from a pane; the drag itself carries only the mark. A page of an app or of a browser can begin a drag with data of
 * any kind, and must not choose files of this computer to be copied.
 */
export function keepDragged(files: DraggedFiles): string {
  const mark = crypto.randomUUID();
  dragged = { mark, files };
  return mark;
}

/** What was dragged last, if the mark is its own. */
export const findDragged = (mark: string): DraggedFiles | null => (dragged?.mark === mark ? dragged.files : null);

/** Whether they are in this folder already: the mouse slipped, or the user thought better of it. */
export const areIn = (place: Place, { source, paths }: DraggedFiles): boolean =>
  paths.every((path) => isSamePlace({ source, path: parentOf(path) }, place));
