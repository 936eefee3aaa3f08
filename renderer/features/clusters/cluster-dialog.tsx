import { Button, Checkbox } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import css from './cluster-dialog.module.css';
import { ClusterFields } from './cluster-fields.tsx';
import { checkDraft, type Draft, emptyDraft } from './cluster-form-model.ts';
import { ClusterTestResult, useClusterTest } from './cluster-test.tsx';
import { SshHosts } from './ssh-hosts.tsx';

export function ClusterDialog({ id }: { id: string | null }) {
  const saved = useStore((state) => state.clusters.find((entry) => entry.cluster.id === id)?.cluster);
  const [draft, setDraft] = useState<Draft>(() => (saved ? { ...saved } : emptyDraft));
  const [unsupported, setUnsupported] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const { test, run, cancel, reset } = useClusterTest();
  const [failure, setFailure] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const { input, errors } = checkDraft(draft);

  const set = (changes: Partial<Draft>) => {
    setDraft((last) => ({ ...last, ...changes }));
    setFailure(null);
    reset();
  };
  const errorOf = (field: string) => (tried ? errors[field] : undefined);
  const toFirstError = () => {
    setTried(true);
    const first = Object.keys(errors)[0] ?? '';
    body.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(first)}"]`)?.focus();
  };
  const runTest = async () => {
    if (!input) return toFirstError();
    await run(input);
  };
  const save = async () => {
    if (!input) return toFirstError();
    setBusy(true);
    try {
      await invoke('clusters.save', { id: id ?? undefined, input });
      ui.closeDialog();
    } catch (error) {
      setFailure(AppError.from(error));
      setBusy(false);
    }
  };

  const fields = <ClusterFields draft={draft} set={set} errorOf={errorOf} fixed={saved?.demo ?? false} />;
  return (
    <Dialog
      title={id === null ? 'Add a cluster' : `Edit ${saved?.name ?? 'cluster'}`}
      subtitle="A test signs in, says what it found and keeps nothing."
      size={id === null ? 760 : 560}
      onClose={ui.closeDialog}
      firm
      footer={
        <>
          <Checkbox
            className="grow"
            label="Connect when Tunel starts"
            checked={draft.connectAtStart}
            onChange={(event) => set({ connectAtStart: event.currentTarget.checked })}
          />
          {test.state === 'running' ? (
            <Button onClick={cancel}>Cancel test</Button>
          ) : (
            <Button leftSection={<IconRefresh size={16} stroke={stroke} aria-hidden />} onClick={runTest}>
              {test.state === 'idle' ? 'Test' : 'Test again'}
            </Button>
          )}
          <Button variant="filled" loading={busy} onClick={save}>
            Save cluster
          </Button>
        </>
      }
    >
      <div ref={body} className={id === null ? css.split : undefined}>
        {id === null && (
          <SshHosts
            onPick={(_alias, host) => {
              setDraft({ ...host.input });
              setUnsupported(host.unsupported);
              reset();
            }}
          />
        )}
        {fields}
      </div>
      {unsupported.map((text) => (
        <Note key={text} tone="wait">
          {text}
        </Note>
      ))}
      <ClusterTestResult test={test} host={draft.host} />
      {failure && <ErrorNote error={failure} title="Not saved" alert />}
    </Dialog>
  );
}
