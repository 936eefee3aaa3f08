import { ActionIcon, Menu } from '@mantine/core';
import {
  IconCode,
  IconCopy,
  IconDots,
  IconEdit,
  IconKeyOff,
  IconMapPin,
  IconPlug,
  IconTerminal2,
  IconTrash,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { clusterHostName } from '../../../electron/shared/ssh-host-names.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { useStore } from '../../store.ts';
import { isOver } from '../../text/instance.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import { openTerminal } from '../terminals/open-terminal.ts';

const icon = (Shown: TablerIcon) => <Shown size={16} stroke={stroke} aria-hidden />;

function askToRemove({ cluster, rememberedSecrets }: ClusterState, running: number) {
  const parts = ['Its address, sign-in order and defaults are forgotten here.'];
  if (rememberedSecrets > 0) parts.push(`${count(rememberedSecrets, 'remembered secret')} leave the keychain.`);
  parts.push(
    running > 0
      ? running === 1
        ? 'Its running app keeps running but is removed from this list.'
        : `Its ${running} running apps keep running but are removed from this list.`
      : 'Nothing on the cluster itself is changed.',
  );
  ui.confirm({
    title: `Remove ${cluster.name}?`,
    text: parts.join(' '),
    action: 'Remove',
    run: () => invoke('clusters.remove', { id: cluster.id }),
  });
}

/** Disconnecting, or the terminal that the card has as a button only while connected. */
function ConnectionItem({ entry, running }: { entry: ClusterState; running: number }) {
  const { cluster, connection } = entry;
  if (connection.state !== 'connected') {
    return (
      <Menu.Item
        leftSection={icon(IconTerminal2)}
        onClick={() => openTerminal(cluster.name, { clusterId: cluster.id })}
      >
        Terminal
        <MenuHint>Connects first</MenuHint>
      </Menu.Item>
    );
  }
  return (
    <Menu.Item
      leftSection={icon(IconPlug)}
      onClick={() => attempt(`${cluster.name} stays connected`, invoke('clusters.disconnect', { id: cluster.id }))}
    >
      Disconnect
      {running > 0 && <MenuHint>Running apps keep running</MenuHint>}
    </Menu.Item>
  );
}

function PasswordsItem({ entry }: { entry: ClusterState }) {
  const { cluster } = entry;
  return (
    <Menu.Item
      leftSection={icon(IconKeyOff)}
      disabled={entry.rememberedSecrets === 0}
      onClick={() => attempt('The passwords stay', invoke('clusters.forgetSecrets', { id: cluster.id }))}
    >
      Forget passwords
      <MenuHint>
        {entry.rememberedSecrets === 0 ? 'None are remembered' : `${entry.rememberedSecrets} in the keychain`}
      </MenuHint>
    </Menu.Item>
  );
}

/** How many apps run on a cluster. */
export const useRunningCount = (clusterId: string): number =>
  useStore(
    (state) => state.instances.filter((instance) => instance.clusterId === clusterId && !isOver(instance)).length,
  );

export function ClusterMenu({ entry }: { entry: ClusterState }) {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${entry.cluster.name}`}>{icon(IconDots)}</ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ClusterMenuItems entry={entry} />
      </Menu.Dropdown>
    </Menu>
  );
}

export function ClusterMenuItems({ entry }: { entry: ClusterState }) {
  const { cluster } = entry;
  const running = useRunningCount(cluster.id);
  const host = useStore((state) =>
    clusterHostName(
      cluster,
      state.clusters.map((each) => each.cluster),
    ),
  );
  return (
    <>
      <ConnectionItem entry={entry} running={running} />
      <Menu.Item
        leftSection={icon(IconCode)}
        onClick={() => ui.open({ kind: 'editor', host, title: cluster.name, clusterId: cluster.id })}
      >
        Open in editor
        <MenuHint>The login node</MenuHint>
      </Menu.Item>
      <Menu.Item leftSection={icon(IconEdit)} onClick={() => ui.open({ kind: 'cluster', id: cluster.id })}>
        Edit and test
      </Menu.Item>
      <Menu.Item leftSection={icon(IconMapPin)} onClick={() => ui.open({ kind: 'site', id: cluster.id })}>
        Site profile
        <MenuHint>{cluster.site ? cluster.site.site : 'None: as detected'}</MenuHint>
      </Menu.Item>
      <Menu.Item
        leftSection={icon(IconCopy)}
        onClick={() => attempt(`${cluster.name} was not copied`, invoke('clusters.copy', { id: cluster.id }))}
      >
        Copy
      </Menu.Item>
      <PasswordsItem entry={entry} />
      <Menu.Divider />
      <Menu.Item data-danger leftSection={icon(IconTrash)} onClick={() => askToRemove(entry, running)}>
        Remove
      </Menu.Item>
    </>
  );
}
