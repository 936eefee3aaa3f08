import { IconFolderCode } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { stroke } from '../../components/icons.tsx';
import { ui, useUi } from '../../ui-store.ts';
import css from './drop-area.module.css';
import { judgeDrop } from './drop-policy.ts';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

function take(event: DragEvent): void {
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file');
  const dropped = items.flatMap((item) => {
    const file = item.getAsFile();
    if (!file) return [];
    const isDirectory = item.webkitGetAsEntry()?.isDirectory ?? false;
    return [{ name: file.name, isDirectory, path: window.tunel.pathOf(file) }];
  });
  const verdict = judgeDrop(dropped);
  if (verdict.kind === 'refused') ui.toast({ tone: 'bad', title: verdict.reason });
  else ui.open({ kind: 'folder', source: verdict });
}

/** A folder or zip that is dropped on the window opens the dialog that runs it. A dialog, or a part of the page that takes files, has it first. */
export function DropArea() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const isTaken = () => useUi.getState().dialog !== null || document.querySelector('[data-takes-files]') !== null;
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      // Otherwise the window would go to the file.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = isTaken() ? 'none' : 'copy';
      setOver(!isTaken());
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (!isTaken()) take(event);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className={css.area} role="status">
      <div className={css.note}>
        <IconFolderCode size={20} stroke={stroke} aria-hidden />
        Drop a folder or a zip to run it on a cluster
      </div>
    </div>
  );
}
