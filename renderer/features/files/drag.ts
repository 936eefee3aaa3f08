import { type DragEvent, useState } from 'react';
import { fromLocalPath } from '../../../electron/shared/local-path.ts';
import { areIn, type DraggedFiles, findDragged, keepDragged } from './dragged-files.ts';
import { putInto } from './file-actions.ts';
import { changePane, type PaneId, paneOf } from './files-store.ts';
import type { Source } from './places.ts';
import { selectOne } from './selection-model.ts';
import { pathsOf, targetOf } from './target.ts';

const TYPE = 'application/x-tunel-files';

/** Begins to drag what is chosen in a pane, or the row that is pressed. */
export function beginDrag(id: PaneId, name: string | undefined, event: DragEvent): void {
  if (name !== undefined && !paneOf(id).selected.has(name)) changePane(id, selectOne(name));
  const target = targetOf(id);
  if (!target || target.entries.length === 0) {
    event.preventDefault();
    return;
  }
  event.dataTransfer.setData(TYPE, keepDragged({ source: target.source, paths: pathsOf(target) }));
  event.dataTransfer.effectAllowed = 'copyMove';
}

/** What was dropped: files of a pane, or files and folders of the desktop; null: nothing that a pane takes. */
function droppedOf({ dataTransfer }: DragEvent): DraggedFiles | null {
  const mark = dataTransfer.getData(TYPE);
  if (mark !== '') return findDragged(mark);
  const paths = [...dataTransfer.files].map((file) => window.tunel.pathOf(file)).filter((path) => path !== '');
  const source: Source = { kind: 'local' };
  const isWindows = window.tunel.platform === 'win32';
  return paths.length === 0 ? null : { source, paths: paths.map((path) => fromLocalPath(path, isWindows)) };
}

/** Takes files that are dropped on a pane. With Shift, files of the same computer are moved. */
export function useDrop(id: PaneId) {
  const [isOver, setOver] = useState(false);
  const isTaken = ({ dataTransfer: { types } }: DragEvent) => types.includes(TYPE) || types.includes('Files');
  return {
    isOver,
    target: {
      'data-takes-files': true,
      onDragOver(event: DragEvent) {
        if (!isTaken(event) || targetOf(id) === null) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer.dropEffect = event.shiftKey ? 'move' : 'copy';
        setOver(true);
      },
      onDragLeave({ currentTarget, relatedTarget }: DragEvent) {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setOver(false);
      },
      onDrop(event: DragEvent) {
        setOver(false);
        if (!isTaken(event)) return;
        event.preventDefault();
        event.stopPropagation();
        const dropped = droppedOf(event);
        const to = targetOf(id);
        if (dropped && to && !areIn({ source: to.source, path: to.folder }, dropped))
          void putInto(id, { ...dropped, isMove: event.shiftKey });
      },
    },
  };
}
