import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconActivity,
  IconCode,
  IconCopy,
  IconDots,
  IconEdit,
  IconKey,
  IconKeyOff,
  IconMapPin,
  IconPlayerPlay,
  IconPlug,
  IconPlugConnected,
  IconRefresh,
  IconServer2,
  IconShieldX,
  IconTerminal2,
  IconTrash,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { clusterHostName } from '../../../electron/shared/ssh-host-names.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { MenuHint } from '../../components/menu-hint.tsx';
import { ConnectionBadge } from '../../components/state-badge.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { useNow } from '../../components/use-now.ts';
import { useStore } from '../../store.ts';
import { describeJumps, formatAddress } from '../../text/cluster.ts';
import { isOver } from '../../text/instance.ts';
import { count } from '../../text/size.ts';
import { formatAgo } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import { withSite } from '../launch/launch-values.ts';
import { openTerminal } from '../terminals/open-terminal.ts';
import css from './cluster-card.module.css';
import partsCss from './cluster-parts.module.css';
import { Home, Programs, Queues, Site, Usage } from './cluster-parts.tsx';

const icon = (Shown: typeof IconDots, size = 16) => <Shown size={size} stroke={stroke} aria-hidden />;

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

function CardMenu({ entry, running }: { entry: ClusterState; running: number }) {
  const { cluster, connection } = entry;
  const connected = connection.state === 'connected';
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${cluster.name}`}>{icon(IconDots)}</ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {connected && (
          <Menu.Item
            leftSection={icon(IconPlug)}
            onClick={() =>
              attempt(`${cluster.name} stays connected`, invoke('clusters.disconnect', { id: cluster.id }))
            }
          >
            Disconnect
            {running > 0 && <MenuHint>Running apps keep running</MenuHint>}
          </Menu.Item>
        )}
        {!connected && (
          <Menu.Item
            leftSection={icon(IconTerminal2)}
            onClick={() => openTerminal(cluster.name, { clusterId: cluster.id })}
          >
            Terminal
            <MenuHint>Connects first</MenuHint>
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={icon(IconCode)}
          onClick={() =>
            ui.open({ kind: 'editor', host: clusterHostName(cluster), title: cluster.name, clusterId: cluster.id })
          }
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
        <Menu.Divider />
        <Menu.Item data-danger leftSection={icon(IconTrash)} onClick={() => askToRemove(entry, running)}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What the state means here, and the one thing to do about it. */
function StateAction({ entry }: { entry: ClusterState }) {
  const { cluster, connection } = entry;
  const connect = () => attempt(`${cluster.name} did not connect`, invoke('clusters.connect', { id: cluster.id }));
  const retry = () => attempt(`${cluster.name} did not connect`, invoke('clusters.retry', { id: cluster.id }));
  const now = useNow(connection.nextTryAt !== null);
  switch (connection.state) {
    case 'connected':
      return (
        <Button
          size="xs"
          leftSection={icon(IconTerminal2, 14)}
          onClick={() => openTerminal(cluster.name, { clusterId: cluster.id })}
        >
          Terminal
        </Button>
      );
    case 'disconnected':
      return (
        <Button size="xs" leftSection={icon(IconPlugConnected, 14)} onClick={connect}>
          Connect
        </Button>
      );
    case 'sign-in-needed':
      return (
        <Button size="xs" leftSection={icon(IconKey, 14)} onClick={connect}>
          Sign in
        </Button>
      );
    case 'connecting':
    case 'asking':
      return (
        <Button
          size="xs"
          onClick={() =>
            attempt(`${cluster.name} was not cancelled`, invoke('clusters.disconnect', { id: cluster.id }))
          }
        >
          Cancel
        </Button>
      );
    case 'reconnecting':
    case 'unreachable':
      return (
        <>
          <Button size="xs" leftSection={icon(IconRefresh, 14)} onClick={retry}>
            {connection.state === 'unreachable' ? 'Try again' : 'Try now'}
          </Button>
          {connection.nextTryAt !== null && (
            <span className="text-sm text-tertiary tabular">
              attempt {connection.attempt + 1} in {Math.max(0, Math.ceil((connection.nextTryAt - now) / 1000))} s
            </span>
          )}
        </>
      );
    case 'key-changed':
      return (
        <>
          <Button
            size="xs"
            data-danger
            leftSection={icon(IconShieldX, 14)}
            onClick={() => ui.open({ kind: 'key-changed', id: cluster.id })}
          >
            What to do
          </Button>
          <Button size="xs" leftSection={icon(IconRefresh, 14)} onClick={connect}>
            Check again
          </Button>
        </>
      );
  }
}

export function ClusterCard({ entry }: { entry: ClusterState }) {
  const { cluster, connection } = entry;
  const facts = useMemo(() => withSite(entry, '')?.facts ?? null, [entry]);
  const running = useStore(
    (state) => state.instances.filter((instance) => instance.clusterId === cluster.id && !isOver(instance)).length,
  );
  const connected = connection.state === 'connected';
  const now = useNow(facts !== null, 15_000);
  const queues = facts?.launchers.find((launcher) => launcher.queues.length > 0)?.queues ?? [];
  const way = describeJumps(cluster);
  const place = way ? `${formatAddress(cluster)}, ${way}` : formatAddress(cluster);
  return (
    <article className={`${surface.card} ${css.card}`} aria-label={cluster.name}>
      <div className="row gap-12">
        <Tile tone="neutral">{icon(IconServer2, 20)}</Tile>
        <div className="grow">
          <div className="row">
            <h2 className="truncate" title={cluster.name}>
              {cluster.name}
            </h2>
            <ConnectionBadge state={connection.state} />
          </div>
          <div className="mono text-tertiary truncate" title={place}>
            {place}
          </div>
        </div>
        <CardMenu entry={entry} running={running} />
      </div>
      {(facts || running > 0) && (
        <div className={`${partsCss.facts} tabular`}>
          {connected && connection.roundTrip !== null && (
            <span title="Round trip of the last keepalive">
              {icon(IconActivity)}{' '}
              {connection.roundTrip < 10 ? connection.roundTrip.toFixed(1) : Math.round(connection.roundTrip)} ms
            </span>
          )}
          {facts?.loginNode && (
            <span title="Login node">
              {icon(IconTerminal2)} <span className="truncate">{facts.loginNode}</span>
            </span>
          )}
          {running > 0 && (
            <span>
              {icon(IconPlayerPlay)} {count(running, 'app')}
            </span>
          )}
        </div>
      )}
      {facts && <Programs facts={facts} />}
      {connected && <Usage clusterId={cluster.id} />}
      {cluster.site && <Site site={cluster.site} />}
      {cluster.demo && !connected && connection.error === null && (
        <p className="text-secondary">
          A small cluster that runs here: no account, the same path. Good for trying a recipe before it queues.
        </p>
      )}
      {connection.error && (
        <ErrorNote
          error={connection.error}
          action={
            connection.error.action?.kind === 'open-terminal' && (
              <LinkButton onClick={() => openTerminal(cluster.name, { clusterId: cluster.id })}>
                Change it in a terminal
              </LinkButton>
            )
          }
          tone={connection.state === 'unreachable' || connection.state === 'key-changed' ? 'bad' : 'wait'}
        />
      )}
      {facts && <Queues queues={queues} />}
      {facts && <Home facts={facts} />}
      <div className={css.foot}>
        <StateAction entry={entry} />
        {facts && (
          <span className="text-sm text-tertiary push-end">
            {queues.length > 0 ? 'Queues read' : 'Read'} {formatAgo(facts.readAt, now)}
          </span>
        )}
      </div>
    </article>
  );
}
