import { Button, Switch } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { allowsApi } from '../../../../electron/shared/api-policy.ts';
import type { ClusterState } from '../../../../electron/shared/clusters.ts';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { stroke } from '../../../components/icons.tsx';
import { useStore } from '../../../store.ts';
import { ui } from '../../../ui-store.ts';
import { labelOf, SettingGroup, SettingRow } from '../setting-row.tsx';
import { describeApi } from './api-text.ts';

function ClusterRow({ entry }: { entry: ClusterState }) {
  const { cluster } = entry;
  const { id, name } = cluster;
  const row = `api-${id}`;
  const isForbidden = cluster.site?.api === 'forbidden';
  return (
    <SettingRow id={row} title={name} description={describeApi(cluster)}>
      {isForbidden && <IconLock size={16} stroke={stroke} className="text-tertiary" aria-hidden />}
      <Switch
        {...labelOf({ id: row, title: name })}
        checked={allowsApi(cluster)}
        disabled={isForbidden}
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
