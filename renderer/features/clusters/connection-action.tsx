import { Button } from '@mantine/core';
import {
  IconKey,
  IconPlugConnected,
  IconRefresh,
  IconShieldX,
  IconTerminal2,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { useNow } from '../../components/use-now.ts';
import { ui } from '../../ui-store.ts';
import { openTerminal } from '../terminals/open-terminal.ts';

type Cluster = ClusterState['cluster'];

const connect = ({ id, name }: Cluster) => attempt(`${name} did not connect`, invoke('clusters.connect', { id }));
const retry = ({ id, name }: Cluster) => attempt(`${name} did not connect`, invoke('clusters.retry', { id }));
const cancel = ({ id, name }: Cluster) => attempt(`${name} was not cancelled`, invoke('clusters.disconnect', { id }));

function ActionButton(props: { icon?: TablerIcon; label: string; isDangerous?: boolean; onClick: () => void }) {
  const Shown = props.icon;
  return (
    <Button
      size="xs"
      data-danger={props.isDangerous || undefined}
      leftSection={Shown && <Shown size={14} stroke={stroke} aria-hidden />}
      onClick={props.onClick}
    >
      {props.label}
    </Button>
  );
}

function RetryAction({ cluster, connection }: ClusterState) {
  const now = useNow(connection.nextTryAt !== null);
  return (
    <>
      <ActionButton
        icon={IconRefresh}
        label={connection.state === 'unreachable' ? 'Try again' : 'Try now'}
        onClick={() => retry(cluster)}
      />
      {connection.nextTryAt !== null && (
        <span className="text-sm text-tertiary tabular">
          attempt {connection.attempt + 1} in {Math.max(0, Math.ceil((connection.nextTryAt - now) / 1000))} s
        </span>
      )}
    </>
  );
}

function KeyChangedAction({ cluster }: { cluster: Cluster }) {
  return (
    <>
      <ActionButton
        isDangerous
        icon={IconShieldX}
        label="What to do"
        onClick={() => ui.open({ kind: 'key-changed', id: cluster.id })}
      />
      <ActionButton icon={IconRefresh} label="Check again" onClick={() => connect(cluster)} />
    </>
  );
}

/** What can be done about a connection in its present state. */
export function ConnectionAction({ entry }: { entry: ClusterState }) {
  const { cluster, connection } = entry;
  switch (connection.state) {
    case 'connected':
      return (
        <ActionButton
          icon={IconTerminal2}
          label="Terminal"
          onClick={() => openTerminal(cluster.name, { clusterId: cluster.id })}
        />
      );
    case 'disconnected':
      return <ActionButton icon={IconPlugConnected} label="Connect" onClick={() => connect(cluster)} />;
    case 'sign-in-needed':
      return <ActionButton icon={IconKey} label="Sign in" onClick={() => connect(cluster)} />;
    case 'connecting':
    case 'asking':
      return <ActionButton label="Cancel" onClick={() => cancel(cluster)} />;
    case 'reconnecting':
    case 'unreachable':
      return <RetryAction {...entry} />;
    case 'key-changed':
      return <KeyChangedAction cluster={cluster} />;
  }
}
