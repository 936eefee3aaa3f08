import { Button, Loader } from '@mantine/core';
import { IconFolderCode } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FolderSource, Inspection } from '../../../electron/shared/folders.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useQuestion } from '../../components/use-question.ts';
import { useStore } from '../../store.ts';
import { ui, useUi } from '../../ui-store.ts';
import { type FolderDraft, Recognised } from './recognised.tsx';
import { SavedFolders } from './saved-folders.tsx';
import { SourceField, type SourceText, toSource } from './source-field.tsx';

/** Chooses a folder, shows what it is, saves it as a recipe and opens the launch form. */
export function FolderDialog() {
  const first = useStore((state) => state.clusters[0]?.cluster.id ?? '');
  const folders = useStore((state) => state.folders);
  const [source, setSource] = useState<SourceText>({ kind: 'folder', text: '', clusterId: first });
  const [seen, setSeen] = useState<Inspection | null>(null);
  const [draft, setDraft] = useState<FolderDraft | null>(null);
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<{ title: string; error: AppError } | null>(null);
  const inspection = useQuestion();
  const saved = (wanted: FolderSource) =>
    folders.find(({ folder }) => JSON.stringify(folder.source) === JSON.stringify(wanted))?.folder;

  const change = (next: SourceText) => {
    inspection.stop();
    setSource(next);
    setSeen(null);
    setDraft(null);
    setFailure(null);
  };
  const look = async (given: SourceText) => {
    setFailure(null);
    try {
      const clusterId = given.kind === 'git' ? given.clusterId : undefined;
      const found = await inspection.ask((signal) =>
        invoke('folders.inspect', { source: toSource(given), clusterId }, signal),
      );
      if (!found) return;
      const { kind, line, environment, listen } = found.recognition;
      const known = saved(found.source);
      setSeen(found);
      setDraft(
        known
          ? { title: known.title, start: { ...known.start, environment } }
          : { title: found.title, start: { kind, line, environment, listen } },
      );
    } catch (error) {
      setFailure({ title: 'It was not read', error: AppError.from(error) });
    }
  };
  const save = async () => {
    if (!seen || !draft) return;
    setSaving(true);
    try {
      const { recipe } = await invoke('folders.save', {
        id: saved(seen.source)?.id,
        input: { ...draft, source: seen.source },
      });
      // Whoever closed the dialog meanwhile does not want the form.
      if (useUi.getState().dialog?.kind !== 'folder') return;
      ui.closeDialog();
      ui.launch(recipe);
    } catch (error) {
      setFailure({ title: 'It was not saved', error: AppError.from(error) });
      setSaving(false);
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
          <Button variant="filled" disabled={!isReady} loading={saving} onClick={save}>
            Continue
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <SourceField value={source} onChange={change} onCheck={look} />
      </form>
      {inspection.busy && (
        <div className="row text-secondary" role="status">
          <Loader size="xs" /> Checking the folder
        </div>
      )}
      {failure && <ErrorNote error={failure.error} title={failure.title} alert />}
      {seen && draft ? <Recognised seen={seen} draft={draft} onChange={setDraft} /> : <SavedFolders />}
    </Dialog>
  );
}
