import { Button } from '@mantine/core';
import { IconCopy, IconShieldX } from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { SerializedError } from '../../../electron/shared/errors.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import code from '../../components/code.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import surface from '../../components/surface.module.css';
import { useStore } from '../../store.ts';
import { formatAddress } from '../../text/cluster.ts';
import { formatWhen } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import { AddHostKey } from './add-host-key.tsx';

/** The text for the cluster's support. */
function describeChange({ cluster, connection }: ClusterState): string {
  const { error, since } = connection;
  return [
    `Cluster: ${cluster.name} (${formatAddress(cluster)})`,
    `When: ${new Date(since).toISOString()}`,
    error?.message,
    error?.detail,
    error?.hint,
  ]
    .filter(Boolean)
    .join('\n');
}

function DialogFooter({ entry }: { entry: ClusterState }) {
  const { id, name } = entry.cluster;
  return (
    <>
      <LinkButton onClick={() => ui.open({ kind: 'cluster', id })}>Settings of {name}</LinkButton>
      <span className="grow" />
      <Button
        leftSection={<IconCopy size={16} stroke={stroke} aria-hidden />}
        onClick={() => attempt('The report was not copied', invoke('desktop.copy', { text: describeChange(entry) }))}
      >
        Copy report for support
      </Button>
      <Button variant="filled" data-autofocus onClick={ui.closeDialog}>
        Close
      </Button>
    </>
  );
}

function ReceivedKey({ error, since }: { error: SerializedError; since: number }) {
  return (
    <div className={surface.well} style={{ background: 'var(--bad-soft)', borderColor: 'var(--bad-line)' }}>
      <div className="text-xs bold tone-bad">Seen {formatWhen(since, Date.now())}</div>
      <div>{error.message}</div>
      {error.detail && <pre className={code.fingerprint}>{error.detail}</pre>}
    </div>
  );
}

function Instructions({ hasCommand }: { hasCommand: boolean }) {
  return (
    <div>
      <h3>What to do</h3>
      <ol className="text-secondary" style={{ listStyle: 'decimal', paddingInlineStart: 20, marginBlockStart: 4 }}>
        <li>Ask your cluster's support, by phone or their web page, whether the key changed.</li>
        <li>
          {hasCommand
            ? 'If it did, remove the old key with the command below, then connect again'
            : 'If it did, do as follows'}{' '}
          and compare the new fingerprint with the published one.
        </li>
        <li>If it did not, tell them, and use another network.</li>
      </ol>
    </div>
  );
}

function CopyableCommand({ command }: { command: string }) {
  return (
    <div className={`${surface.well} row align-start`}>
      <code className={`${code.fingerprint} grow`}>{command}</code>
      <IconButton
        icon={IconCopy}
        label="Copy the command"
        size={26}
        onClick={() => attempt('The command was not copied', invoke('desktop.copy', { text: command }))}
      />
    </div>
  );
}

/** Tells that the host key changed. Only a fingerprint that the user compared goes on from here. */
export function KeyChangedDialog({ id }: { id: string }) {
  const entry = useStore((state) => state.clusters.find((item) => item.cluster.id === id));
  if (!entry) return null;
  const { cluster, connection } = entry;
  const { error, since } = connection;
  const command = error?.action?.kind === 'copy-command' ? error.action.text : null;
  const fingerprint = error?.hintValues?.fingerprint;
  return (
    <Dialog
      title={`Stopped: ${cluster.name} shows a different key`}
      subtitle="Nothing was sent: no password, no code, no file."
      icon={IconShieldX}
      tone="bad"
      size={600}
      onClose={ui.closeDialog}
      footer={<DialogFooter entry={entry} />}
    >
      <p>
        Either the cluster was reinstalled, or something between you and it pretends to be it. Tunel cannot tell which,
        so it does not connect.
      </p>
      {error && <ReceivedKey error={error} since={since} />}
      <Instructions hasCommand={command !== null} />
      {command ? <CopyableCommand command={command} /> : error?.hint && <p>{error.hint}</p>}
      {typeof fingerprint === 'string' && <AddHostKey id={id} shown={fingerprint} />}
    </Dialog>
  );
}
