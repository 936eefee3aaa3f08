import { Button, Loader } from '@mantine/core';
import { IconFolderCode } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Inspection } from '../../../electron/shared/folders.ts';
import { actions } from '../../actions.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/parts.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { type FolderDraft, Recognised } from './recognised.tsx';
import { SavedFolders } from './saved-folders.tsx';
import { SourceField, type SourceText, toSource } from './source-field.tsx';

/** Chooses a folder, shows what it is, saves it as a recipe and goes on to the ordinary launch form. */
export function FolderDialog() {
  const first = useStore((state) => state.clusters[0]?.cluster.id ?? '');
  const folders = useStore((state) => state.folders);
  const [source, setSource] = useState<SourceText>({ kind: 'folder', text: '', clusterId: first });
  const [seen, setSeen] = useState<Inspection | null>(null);
  const [draft, setDraft] = useState<FolderDraft | null>(null);
  const [busy, setBusy] = useState<'' | 'look' | 'save'>('');
  const [failure, setFailure] = useState<{ title: string; error: AppError } | null>(null);
  const asked = useRef(0);

  const change = (next: SourceText) => {
    asked.current += 1;
    setSource(next);
    setSeen(null);
    setDraft(null);
    setFailure(null);
    setBusy('');
  };
  const look = async (given: SourceText) => {
    asked.current += 1;
    const turn = asked.current;
    setBusy('look');
    setFailure(null);
    try {
      const clusterId = given.kind === 'git' ? given.clusterId : undefined;
      const found = await actions.inspectFolder(toSource(given), clusterId);
      if (turn !== asked.current) return;
      const { kind, line, environment, listen } = found.recognition;
      const known = folders.find(
        ({ folder }) => JSON.stringify(folder.source) === JSON.stringify(found.source),
      )?.folder;
      setSeen(found);
      setDraft(
        known
          ? { title: known.title, start: { ...known.start, environment } }
          : { title: found.title, start: { kind, line, environment, listen } },
      );
    } catch (error) {
      if (turn === asked.current) setFailure({ title: 'It was not read', error: AppError.from(error) });
    } finally {
      if (turn === asked.current) setBusy('');
    }
  };
  const save = async () => {
    if (!seen || !draft) return;
    setBusy('save');
    try {
      const same = folders.find(({ folder }) => JSON.stringify(folder.source) === JSON.stringify(seen.source));
      const { recipe } = await actions.saveFolder(same?.folder.id, { ...draft, source: seen.source });
      ui.closeDialog();
      ui.launch(recipe);
    } catch (error) {
      setFailure({ title: 'It was not saved', error: AppError.from(error) });
      setBusy('');
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (source.text.trim() !== '') void look(source);
  };
  const isReady = draft !== null && draft.start.line.trim() !== '' && draft.title.trim() !== '';

  return (
    <Dialog
      title="Your own folder"
      subtitle="Any app of yours, sent to a cluster and opened here"
      icon={IconFolderCode}
      size={620}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button variant="filled" disabled={!isReady} loading={busy === 'save'} onClick={save}>
            Go on to launch
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <SourceField value={source} onChange={change} onLook={look} />
      </form>
      {busy === 'look' && (
        <div className="row dim" role="status">
          <Loader size="xs" /> Looking at what is in it
        </div>
      )}
      {failure && <ErrorNote error={failure.error} title={failure.title} alert />}
      {seen && draft ? <Recognised seen={seen} draft={draft} onChange={setDraft} /> : <SavedFolders />}
    </Dialog>
  );
}
