import { Select } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { launcherLabel } from '../../../electron/shared/launcher-features.ts';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';

/** What the recipes must run on: a cluster, or a launcher wherever it is. Both empty: anything. */
export interface WorksOn {
  clusterId: string;
  launcher: string;
}

const clusterPrefix = 'cluster:';

/** The choice of a cluster or launcher that must be able to run what is shown. */
export function WorksOnSelect({ value, onChange }: { value: WorksOn; onChange: (value: WorksOn) => void }) {
  const list = useStore((state) => state.recipes.list);
  const clusters = useStore((state) => state.clusters);
  const launchers = [...new Set(list.flatMap((recipe) => recipe.launchers))];
  return (
    <Select
      w={220}
      aria-label="Works on"
      leftSection={<IconAdjustmentsHorizontal size={16} stroke={stroke} aria-hidden />}
      allowDeselect={false}
      value={value.launcher || (value.clusterId && clusterPrefix + value.clusterId)}
      onChange={(chosen) => {
        const isCluster = chosen?.startsWith(clusterPrefix) ?? false;
        onChange({
          clusterId: isCluster ? (chosen ?? '').slice(clusterPrefix.length) : '',
          launcher: isCluster ? '' : (chosen ?? ''),
        });
      }}
      data={[
        { value: '', label: 'All clusters' },
        {
          group: 'Clusters',
          items: clusters.map(({ cluster }) => ({
            value: clusterPrefix + cluster.id,
            label: `Works on ${cluster.name}`,
          })),
        },
        {
          group: 'Launchers',
          items: launchers.map((name) => ({ value: name, label: `Launcher: ${launcherLabel(name)}` })),
        },
      ]}
    />
  );
}
