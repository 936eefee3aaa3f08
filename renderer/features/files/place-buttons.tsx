import { Button } from '@mantine/core';
import { IconDeviceLaptop, IconServer2 } from '@tabler/icons-react';
import { stroke } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import type { PaneId } from './files-store.ts';
import { openFolder } from './open-folder.ts';
import css from './pane.module.css';

/** What a pane shows before a computer is chosen for it. */
export function PlaceButtons({ id }: { id: PaneId }) {
  const clusters = useStore((state) => state.clusters);
  return (
    <div className={css.choose}>
      <p>{clusters.length === 0 ? 'Files of a cluster are shown once there is one.' : 'Whose files?'}</p>
      <Button
        leftSection={<IconDeviceLaptop size={16} stroke={stroke} aria-hidden />}
        onClick={() => openFolder(id, { source: { kind: 'local' }, path: '' })}
      >
        This computer
      </Button>
      {clusters.map(({ cluster }) => (
        <Button
          key={cluster.id}
          leftSection={<IconServer2 size={16} stroke={stroke} aria-hidden />}
          onClick={() => openFolder(id, { source: { kind: 'cluster', clusterId: cluster.id }, path: '' })}
        >
          <span className="truncate">{cluster.name}</span>
        </Button>
      ))}
      {clusters.length === 0 && (
        <Button onClick={() => ui.open({ kind: 'cluster', id: null })} variant="filled">
          Add a cluster
        </Button>
      )}
    </div>
  );
}
