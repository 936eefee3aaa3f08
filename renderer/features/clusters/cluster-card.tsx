import { IconActivity, IconPlayerPlay, IconServer2, IconTerminal2, type TablerIcon } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { opensContextMenu } from '../../components/context-menu.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { ConnectionBadge } from '../../components/state-badge.tsx';
import surface from '../../components/surface.module.css';
import { Tile } from '../../components/tile.tsx';
import { useNow } from '../../components/use-now.ts';
import { describeJumps, formatAddress } from '../../text/cluster.ts';
import { count } from '../../text/size.ts';
import { formatAgo } from '../../text/time.ts';
import { withSite } from '../launch/launch-values.ts';
import { openTerminal } from '../terminals/open-terminal.ts';
import css from './cluster-card.module.css';
import { ClusterMenu, useRunningCount } from './cluster-menu.tsx';
import partsCss from './cluster-parts.module.css';
import { Home, Programs, Queues, Site, Usage } from './cluster-parts.tsx';
import { ConnectionAction } from './connection-action.tsx';

const icon = (Shown: TablerIcon, size = 16) => <Shown size={size} stroke={stroke} aria-hidden />;

function CardHead({ entry }: { entry: ClusterState }) {
  const { cluster, connection } = entry;
  const jumps = describeJumps(cluster);
  const address = jumps ? `${formatAddress(cluster)}, ${jumps}` : formatAddress(cluster);
  return (
    <div className="row gap-12">
      <Tile tone="neutral">{icon(IconServer2, 20)}</Tile>
      <div className="grow">
        <div className="row">
          <h2 className="truncate" title={cluster.name}>
            {cluster.name}
          </h2>
          <ConnectionBadge state={connection.state} />
        </div>
        <div className="mono text-tertiary truncate" title={address}>
          {address}
        </div>
      </div>
      <ClusterMenu entry={entry} />
    </div>
  );
}

/** Figures of the connection and the number of apps that run there. */
function LiveFacts(props: { connection: ClusterState['connection']; loginNode: string; running: number }) {
  const { connection, loginNode, running } = props;
  const { roundTrip } = connection;
  return (
    <div className={`${partsCss.facts} tabular`}>
      {connection.state === 'connected' && roundTrip !== null && (
        <span title="Round trip of the last keepalive">
          {icon(IconActivity)} {roundTrip < 10 ? roundTrip.toFixed(1) : Math.round(roundTrip)} ms
        </span>
      )}
      {loginNode && (
        <span title="Login node">
          {icon(IconTerminal2)} <span className="truncate">{loginNode}</span>
        </span>
      )}
      {running > 0 && (
        <span>
          {icon(IconPlayerPlay)} {count(running, 'app')}
        </span>
      )}
    </div>
  );
}

function ConnectionProblem({ entry }: { entry: ClusterState }) {
  const { cluster, connection } = entry;
  const { error, state } = connection;
  if (!error) return null;
  return (
    <ErrorNote
      error={error}
      action={
        error.action?.kind === 'open-terminal' && (
          <LinkButton onClick={() => openTerminal(cluster.name, { clusterId: cluster.id })}>
            Change it in a terminal
          </LinkButton>
        )
      }
      tone={state === 'unreachable' || state === 'key-changed' ? 'bad' : 'wait'}
    />
  );
}

export function ClusterCard({ entry }: { entry: ClusterState }) {
  const { cluster, connection } = entry;
  const facts = useMemo(() => withSite(entry, '')?.facts ?? null, [entry]);
  const running = useRunningCount(cluster.id);
  const now = useNow(facts !== null, 15_000);
  const queues = facts?.launchers.find((launcher) => launcher.queues.length > 0)?.queues ?? [];
  return (
    <article
      className={`${surface.card} ${css.card}`}
      aria-label={cluster.name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its menu opens by a key
      tabIndex={0}
      onContextMenu={opensContextMenu('cluster', cluster.id)}
    >
      <CardHead entry={entry} />
      {(facts || running > 0) && (
        <LiveFacts connection={connection} loginNode={facts?.loginNode ?? ''} running={running} />
      )}
      {facts && <Programs facts={facts} />}
      {connection.state === 'connected' && <Usage clusterId={cluster.id} />}
      {cluster.site && <Site site={cluster.site} />}
      {cluster.demo && connection.state !== 'connected' && connection.error === null && (
        <p className="text-secondary">
          A small cluster that runs here: no account, the same path. Good for trying a recipe before it queues.
        </p>
      )}
      <ConnectionProblem entry={entry} />
      {facts && <Queues queues={queues} />}
      {facts && <Home facts={facts} />}
      <div className={css.foot}>
        <ConnectionAction entry={entry} />
        {facts && (
          <span className="text-sm text-tertiary push-end">
            {queues.length > 0 ? 'Queues read' : 'Read'} {formatAgo(facts.readAt, now)}
          </span>
        )}
      </div>
    </article>
  );
}
