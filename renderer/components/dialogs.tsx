import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { AppError } from '../../electron/shared/errors.ts';
import { ClusterDialog } from '../features/clusters/cluster-dialog.tsx';
import { KeyChangedDialog } from '../features/clusters/key-changed-dialog.tsx';
import { SiteDialog } from '../features/clusters/site-dialog.tsx';
import { EditorDialog } from '../features/editors/editor-dialog.tsx';
import { ConflictDialog } from '../features/files/conflict-dialog.tsx';
import { ChangedDialog } from '../features/files/editing/changed-dialog.tsx';
import { UnsavedDialog } from '../features/files/editing/unsaved-dialog.tsx';
import { ModeDialog } from '../features/files/mode-dialog.tsx';
import { NameDialog } from '../features/files/name-dialog.tsx';
import { TransferDialog } from '../features/files/transfer-dialog.tsx';
import { TrashDialog } from '../features/files/trash-dialog.tsx';
import { UsageDialog } from '../features/files/usage-dialog.tsx';
import { FolderDialog } from '../features/folders/folder-dialog.tsx';
import { HelpDialog } from '../features/help/help-dialog.tsx';
import { CompareJobsDialog } from '../features/jobs/compare-jobs-dialog.tsx';
import { SaveTemplateDialog } from '../features/jobs/templates/save-template-dialog.tsx';
import { TemplatesDialog } from '../features/jobs/templates/templates-dialog.tsx';
import { BadLinkDialog } from '../features/launch/bad-link-dialog.tsx';
import { PathPicker } from '../features/launch/path-picker.tsx';
import { PresetsDialog, SavePresetDialog } from '../features/launch/preset-dialogs.tsx';
import { TokenDialog } from '../features/settings/api/token-dialog.tsx';
import { TokenLimitsDialog } from '../features/settings/api/token-limits-dialog.tsx';
import { SourceDialog } from '../features/sources/source-dialog.tsx';
import { TunnelDialog } from '../features/tunnels/tunnel-dialog.tsx';
import { useStore } from '../store.ts';
import { type Confirm, ui, useUi } from '../ui-store.ts';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';

function ConfirmDialog({ confirm }: { confirm: Confirm }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = async () => {
    setBusy(true);
    try {
      await confirm.run();
      ui.closeDialog();
    } catch (failure) {
      setError(AppError.from(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={confirm.title}
      icon={IconAlertTriangle}
      tone="bad"
      size={460}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog} data-autofocus>
            Cancel
          </Button>
          <Button data-danger="filled" loading={busy} onClick={run}>
            {confirm.action}
          </Button>
        </>
      }
    >
      <p>{confirm.text}</p>
      {error && <ErrorNote error={error} alert />}
    </Dialog>
  );
}

/** A changed key opens its dialog as soon as it is seen. */
function useKeyChanges(): void {
  useEffect(
    () =>
      useStore.subscribe((after, before) => {
        if (!before.loaded || after.clusters === before.clusters) return;
        const stopped = after.clusters.find(
          ({ cluster, connection }) =>
            connection.state === 'key-changed' &&
            before.clusters.some((old) => old.cluster.id === cluster.id && old.connection.state !== 'key-changed'),
        );
        if (stopped) ui.open({ kind: 'key-changed', id: stopped.cluster.id });
      }),
    [],
  );
}

/** One dialog at a time. */
export function Dialogs() {
  const dialog = useUi((state) => state.dialog);
  useKeyChanges();
  if (!dialog) return null;
  switch (dialog.kind) {
    case 'confirm':
      return <ConfirmDialog confirm={dialog.confirm} />;
    case 'path':
      return <PathPicker ask={dialog.ask} />;
    case 'save-preset':
      return <SavePresetDialog input={dialog.input} />;
    case 'presets':
      return <PresetsDialog recipeName={dialog.recipe} />;
    case 'save-template':
      return <SaveTemplateDialog content={dialog.content} leftOut={dialog.leftOut} />;
    case 'templates':
      return <TemplatesDialog />;
    case 'bad-link':
      return <BadLinkDialog error={dialog.error} />;
    case 'source':
      return <SourceDialog id={dialog.id} />;
    case 'folder':
      return <FolderDialog key={dialog.source?.path} source={dialog.source} />;
    case 'help':
      return <HelpDialog />;
    case 'cluster':
      return <ClusterDialog key={dialog.id ?? 'new'} id={dialog.id} alias={dialog.alias} />;
    case 'site':
      return <SiteDialog key={dialog.id} id={dialog.id} />;
    case 'editor':
      return <EditorDialog {...dialog} />;
    case 'tunnel':
      return <TunnelDialog />;
    case 'token':
      return <TokenDialog />;
    case 'token-limits':
      return <TokenLimitsDialog key={dialog.id} id={dialog.id} />;
    case 'file-name':
      return <NameDialog ask={dialog.ask} />;
    case 'file-mode':
      return <ModeDialog ask={dialog.ask} />;
    case 'file-usage':
      return <UsageDialog key={dialog.path} clusterId={dialog.clusterId} path={dialog.path} />;
    case 'conflict':
      return <ConflictDialog key={dialog.id} id={dialog.id} />;
    case 'file-changed':
      return <ChangedDialog key={dialog.key} fileKey={dialog.key} />;
    case 'unsaved':
      return <UnsavedDialog keys={dialog.keys} reason={dialog.reason} />;
    case 'transfers':
      return <TransferDialog show={dialog.show} />;
    case 'trash':
      return <TrashDialog place={dialog.place} />;
    case 'compare-jobs':
      return <CompareJobsDialog first={dialog.first} second={dialog.second} />;
    case 'key-changed':
      return <KeyChangedDialog id={dialog.id} />;
  }
}
