import { Button, Loader } from '@mantine/core';
import { IconFolderCode } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { ui } from '../../ui-store.ts';
import { isComplete } from './folder-draft.ts';
import { Recognised } from './recognised.tsx';
import { SavedFolders } from './saved-folders.tsx';
import { SourceField } from './source-field.tsx';
import { useFolderForm } from './use-folder-form.ts';

/** Chooses a folder, shows what it is, saves it as a recipe and opens the launch form. */
export function FolderDialog({ source: dropped }: { source?: { kind: 'folder' | 'zip'; path: string } | undefined }) {
  const form = useFolderForm(dropped);
  const { source, inspected, draft, failure } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (source.text.trim() !== '') void form.inspect(source);
  };
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
          <Button variant="filled" disabled={!isComplete(draft)} loading={form.isSaving} onClick={form.save}>
            Continue
          </Button>
        </>
      }
    >
      <form onSubmit={submit}>
        <SourceField value={source} onChange={form.changeSource} onCheck={form.inspect} />
      </form>
      {form.isInspecting && (
        <div className="row text-secondary" role="status">
          <Loader size="xs" /> Checking the folder
        </div>
      )}
      {failure && <ErrorNote error={failure.error} title={failure.title} alert />}
      {inspected && draft ? (
        <Recognised inspected={inspected} draft={draft} onChange={form.setDraft} />
      ) : (
        <SavedFolders />
      )}
    </Dialog>
  );
}
