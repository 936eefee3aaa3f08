import { Button, Switch } from '@mantine/core';
import type { ClusterState } from '../../../../electron/shared/clusters.ts';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { useStore } from '../../../store.ts';
import { ui } from '../../../ui-store.ts';
import { labelOf, SettingGroup, SettingRow } from '../setting-row.tsx';

function ClusterRow({ entry }: { entry: ClusterState }) {
  const { id, name, allowsApi = false } = entry.cluster;
  const row = `api-${id}`;
  return (
    <SettingRow
      id={row}
      title={name}
      description={allowsApi ? 'Programs with a token may use its connection' : 'No program may use it'}
    >
      <Switch
        {...labelOf({ id: row, title: name })}
        checked={allowsApi}
        onChange={({ currentTarget: { checked } }) =>
          void attempt(`${name} did not change`, invoke('clusters.allowApi', { id, allow: checked }))
        }
      />
    </SettingRow>
  );
}

/** Which clusters programs with a token may use. */
export function ClustersGroup() {
  const clusters = useStore((state) => state.clusters);
  return (
    <SettingGroup title="Enabled for">
      {clusters.length === 0 && (
        <SettingRow id="api-none" title="No cluster yet" description="A token is of use once a cluster is saved">
          <Button size="xs" onClick={() => ui.open({ kind: 'cluster', id: null })}>
            Add cluster
          </Button>
        </SettingRow>
      )}
      {clusters.map((entry) => (
        <ClusterRow key={entry.cluster.id} entry={entry} />
      ))}
    </SettingGroup>
  );
}
