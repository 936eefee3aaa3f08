import { Button, Checkbox, Loader } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { ClusterTest, LauncherInfo } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { actions } from '../../actions.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { homeUse } from '../../words/cluster.ts';
import { isUnproven, launcherTitle, unprovenWords } from '../../words/launcher.ts';
import { count } from '../../words/size.ts';
import css from './cluster-dialog.module.css';
import { ClusterFields } from './cluster-fields.tsx';
import { checkDraft, type Draft, emptyDraft } from './cluster-form-model.ts';
import { SshHosts } from './ssh-hosts.tsx';

const testScheduler = (scheduler: LauncherInfo) =>
  [
    launcherTitle(scheduler),
    isUnproven(scheduler.name) ? unprovenWords : '',
    scheduler.queues.length > 0 ? count(scheduler.queues.length, 'queue') : '',
  ]
    .filter(Boolean)
    .join(', ');

export function testWords(test: ClusterTest): string {
  const scheduler = test.launchers.find((launcher) => launcher.name !== 'login');
  const use = homeUse(test);
  const forwarding = test.socketForwarding
    ? 'sockets can be forwarded'
    : test.portForwarding
      ? 'only ports can be forwarded'
      : 'forwarding is not allowed';
  return [
    scheduler ? testScheduler(scheduler) : 'No scheduler found: apps run on the login node',
    `${test.roundTrip < 10 ? test.roundTrip.toFixed(1) : Math.round(test.roundTrip)} ms`,
    `login node ${test.loginNode}`,
    forwarding,
    use === null ? '' : `home ${Math.round(use * 100)}% full`,
  ]
    .filter(Boolean)
    .join(', ');
}

type Test =
  | { state: 'idle' }
  | { state: 'running' }
  | { state: 'done'; result: ClusterTest }
  | { state: 'failed'; error: AppError };

export function ClusterDialog({ id }: { id: string | null }) {
  const saved = useStore((state) => state.clusters.find((entry) => entry.cluster.id === id)?.cluster);
  const [draft, setDraft] = useState<Draft>(() => (saved ? { ...saved } : emptyDraft));
  const [unsupported, setUnsupported] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const [test, setTest] = useState<Test>({ state: 'idle' });
  const [failure, setFailure] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const running = useRef<AbortController | null>(null);
  const { input, errors } = checkDraft(draft);

  // A dialog that goes away leaves no test running.
  useEffect(() => () => running.current?.abort(), []);

  const set = (changes: Partial<Draft>) => {
    setDraft((last) => ({ ...last, ...changes }));
    setFailure(null);
    if (test.state !== 'running') setTest({ state: 'idle' });
  };
  const errorOf = (field: string) => (tried ? errors[field] : undefined);
  const toFirstError = () => {
    setTried(true);
    const first = Object.keys(errors)[0] ?? '';
    body.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(first)}"]`)?.focus();
  };
  const runTest = async () => {
    if (!input) return toFirstError();
    setTest({ state: 'running' });
    const asked = new AbortController();
    running.current = asked;
    try {
      setTest({ state: 'done', result: await actions.testCluster(input, asked.signal) });
    } catch (error) {
      const failed = AppError.from(error);
      setTest(failed.code === 'cancelled' ? { state: 'idle' } : { state: 'failed', error: failed });
    } finally {
      running.current = null;
    }
  };
  const save = async () => {
    if (!input) return toFirstError();
    setBusy(true);
    try {
      await actions.saveCluster(id ?? undefined, input);
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
            <Button onClick={() => running.current?.abort()}>Cancel test</Button>
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
              setTest({ state: 'idle' });
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
      <div role="status" className="hide-empty">
        {test.state === 'running' && (
          <span className="row text-secondary">
            <Loader size={14} /> Signing in to {draft.host}
          </span>
        )}
        {test.state === 'done' && (
          <Note tone="ok">
            <strong className="bold">It works.</strong> {testWords(test.result)}.
          </Note>
        )}
        {test.state === 'failed' && <ErrorNote error={test.error} title="The test failed" />}
      </div>
      {failure && <ErrorNote error={failure} title="Not saved" alert />}
    </Dialog>
  );
}
