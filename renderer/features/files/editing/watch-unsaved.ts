import { ui, useUi } from '../../../ui-store.ts';
import { isUnsaved, openFileOf, unsavedFiles, useEditing } from './editing-store.ts';

function onQuit(event: BeforeUnloadEvent): void {
  const files = unsavedFiles();
  if (files.length === 0) return;
  event.preventDefault();
  ui.open({ kind: 'unsaved', keys: files.map(({ key }) => key), reason: 'quit' });
}

/** Asks what becomes of changes that are not saved when their page is left, or the window is closed. */
export function watchUnsaved(): () => void {
  window.addEventListener('beforeunload', onQuit);
  const stop = useUi.subscribe((after, before) => {
    const wasHere = before.page === 'files' && before.launch === null;
    const isHere = after.page === 'files' && after.launch === null;
    const { active } = useEditing.getState();
    const file = active === null ? undefined : openFileOf(active);
    if (wasHere && !isHere && file && isUnsaved(file)) ui.open({ kind: 'unsaved', keys: [file.key], reason: 'leave' });
  });
  return () => {
    stop();
    window.removeEventListener('beforeunload', onQuit);
  };
}
