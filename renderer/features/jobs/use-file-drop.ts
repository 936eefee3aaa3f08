import { type DragEvent, useState } from 'react';
import { ui } from '../../ui-store.ts';

/** The files of a drop; null: it has a folder. */
function filesOf({ items }: DataTransfer): File[] | null {
  const dropped = [...items].filter(({ kind }) => kind === 'file');
  if (dropped.some((item) => item.webkitGetAsEntry()?.isDirectory)) return null;
  return dropped.map((item) => item.getAsFile()).filter((file) => file !== null);
}

/**
 * Files dropped on a part of the page, and what the part needs to be dropped on; nothing while it takes none. `isFirst`: before what is
 * in it has them, such as an editor that would insert their text.
 */
export function useFileDrop(
  isTaking: boolean,
  onFiles: (files: readonly File[], at: EventTarget) => void,
  { isFirst = false } = {},
) {
  const [isOver, setOver] = useState(false);
  if (!isTaking) return { isOver: false, target: {} };
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const onDrop = (event: DragEvent) => {
    setOver(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const files = filesOf(event.dataTransfer);
    if (files) onFiles(files, event.target);
    else ui.toast({ tone: 'bad', title: 'Drop files. A folder can be dropped as a zip or tar file.' });
  };
  return {
    isOver,
    target: {
      'data-takes-files': true,
      onDragOver(event: DragEvent) {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      },
      onDragLeave: ({ currentTarget, relatedTarget }: DragEvent) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setOver(false);
      },
      [isFirst ? 'onDropCapture' : 'onDrop']: onDrop,
    },
  };
}
