import { Button, Checkbox } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useRef } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { ui } from '../../ui-store.ts';
import css from './cluster-dialog.module.css';
import { ClusterFields } from './cluster-fields.tsx';
import { ClusterTestResult } from './cluster-test.tsx';
import { SshHosts } from './ssh-hosts.tsx';
import { type ClusterForm, useClusterForm } from './use-cluster-form.ts';

function DialogFooter({ form, isNew }: { form: ClusterForm; isNew: boolean }) {
  return (
    <>
      <Checkbox
        className="grow"
        label="Connect when Tunel starts"
        checked={form.draft.connectAtStart}
        onChange={(event) => form.set({ connectAtStart: event.currentTarget.checked })}
      />
      {form.test.state === 'running' ? (
        <Button onClick={form.cancelTest}>Cancel test</Button>
      ) : (
        <Button leftSection={<IconRefresh size={16} stroke={stroke} aria-hidden />} onClick={form.runTest}>
          {form.test.state === 'idle' ? 'Test' : 'Test again'}
        </Button>
      )}
      <Button variant={isNew ? 'default' : 'filled'} loading={form.isSaving} onClick={() => form.save()}>
        Save cluster
      </Button>
      {isNew && (
        <Button variant="filled" loading={form.isSaving} onClick={() => form.save({ andConnect: true })}>
          Save and connect
        </Button>
      )}
    </>
  );
}

/** `alias`: the host of the SSH config that a new one begins with. */
export function ClusterDialog({ id, alias }: { id: string | null; alias?: string | undefined }) {
  const body = useRef<HTMLDivElement>(null);
  const focusField = (field: string) =>
    body.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(field)}"]`)?.focus();
  const form = useClusterForm({ id, onInvalid: focusField });
  const { saved, draft, failure } = form;
  return (
    <Dialog
      title={id === null ? 'Add a cluster' : `Edit ${saved?.name ?? 'cluster'}`}
      subtitle="A test signs in, says what it found and keeps nothing."
      size={id === null ? 760 : 560}
      onClose={ui.closeDialog}
      firm
      footer={<DialogFooter form={form} isNew={id === null} />}
    >
      <div ref={body} className={id === null ? css.split : undefined}>
        {id === null && <SshHosts onPick={form.takeHost} first={alias} />}
        <ClusterFields draft={draft} set={form.set} errorOf={form.errorOf} fixed={saved?.demo ?? false} />
      </div>
      {form.unsupported.map((text) => (
        <Note key={text} tone="wait">
          {text}
        </Note>
      ))}
      <ClusterTestResult test={form.test} host={draft.host} />
      {failure && <ErrorNote error={failure} title="Not saved" alert />}
    </Dialog>
  );
}
