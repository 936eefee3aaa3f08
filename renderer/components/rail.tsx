import { Menu, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconAlertOctagon,
  IconArrowsLeftRight,
  IconBook2,
  IconFolder,
  IconKey,
  IconListCheck,
  IconPlayerPlay,
  IconPlug,
  IconPlugConnected,
  IconServer2,
  IconSettings,
  IconTerminal2,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ClusterState } from '../../electron/shared/clusters.ts';
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { useOfferedTerminals } from '../features/terminals/kept-store.ts';
import { useTerminals } from '../features/terminals/terminals-store.ts';
import { useStore } from '../store.ts';
import { isJobLive } from '../text/batch-job.ts';
import { connectionLabels } from '../text/cluster.ts';
import { needsYou } from '../text/instance.ts';
import { type Page, pages, ui, useUi } from '../ui-store.ts';
import { BrandMark } from './brand-mark.tsx';
import { connectionLook, stroke } from './icons.tsx';
import { MenuHint } from './menu-hint.tsx';
import css from './rail.module.css';

const items: { page: Page; label: string; icon: TablerIcon }[] = [
  { page: 'running', label: 'Running', icon: IconPlayerPlay },
  { page: 'jobs', label: 'Jobs', icon: IconListCheck },
  { page: 'files', label: 'Files', icon: IconFolder },
  { page: 'recipes', label: 'Recipes', icon: IconBook2 },
  { page: 'clusters', label: 'Clusters', icon: IconServer2 },
];

/** The number key of a page, where it has one. */
function keysOf(page: Page): string | undefined {
  const at = pages.indexOf(page);
  return at < 0 ? undefined : `Alt+${at + 1}`;
}

function NavItem(props: { page: Page; label: string; icon: TablerIcon; badge?: ReactNode }) {
  const current = useUi((state) => (state.launch ? 'recipes' : state.page));
  const small = useMediaQuery('(max-width: 1023px)') ?? false;
  const Shown = props.icon;
  return (
    <Tooltip label={props.label} position="right" disabled={!small}>
      <button
        type="button"
        className={css.item}
        aria-current={current === props.page ? 'page' : undefined}
        aria-label={small ? props.label : undefined}
        aria-keyshortcuts={keysOf(props.page)}
        onClick={() => ui.go(props.page)}
      >
        <Shown size={18} stroke={stroke} aria-hidden />
        <span className={css.label}>{props.label}</span>
        {props.badge}
      </button>
    </Tooltip>
  );
}

function connectionSummary(clusters: ClusterState[], isStarting: boolean) {
  const up = clusters.filter((entry) => entry.connection.state === 'connected');
  const care = clusters.find(
    (entry) => entry.connection.state === 'sign-in-needed' || entry.connection.state === 'asking',
  );
  const title =
    clusters.length === 0
      ? isStarting
        ? 'Starting'
        : 'No clusters yet'
      : clusters.length === 1
        ? `${clusters[0]?.cluster.name} ${up.length === 1 ? 'connected' : 'not connected'}`
        : `${up.length} of ${clusters.length} connected`;
  const detail = care
    ? `sign-in needed: ${care.cluster.name}`
    : up
        .map(({ cluster, connection }) => {
          if (cluster.demo) return clusters.length === 1 ? 'on this computer' : cluster.name;
          return connection.roundTrip === null
            ? cluster.name
            : `${cluster.name} ${Math.round(connection.roundTrip)} ms`;
        })
        .join(', ');
  return { title, detail, up: up.length, care: care !== undefined };
}

function Connections() {
  const clusters = useStore((state) => state.clusters);
  const isStarting = useStore((state) => state.system.engine === 'starting');
  const summary = connectionSummary(clusters, isStarting);
  const Shown = summary.care ? IconKey : summary.up > 0 ? IconPlugConnected : IconPlug;
  const tone = summary.care ? 'tone-wait' : summary.up > 0 ? 'tone-ok' : 'tone-off';
  return (
    <div className={css.connections}>
      <Menu position="right-end" width={280}>
        <Menu.Target>
          <button type="button" className={css.connection} title={`${summary.title}. ${summary.detail}`}>
            <Shown size={18} stroke={stroke} aria-hidden className={`${tone} no-shrink`} />
            <span className={`${css.label} column`}>
              <span className="text-sm medium truncate" style={{ color: 'var(--ink)' }}>
                {summary.title}
              </span>
              {summary.detail && <span className="text-xs text-tertiary tabular truncate">{summary.detail}</span>}
            </span>
            <span className="visually-hidden narrow-only">
              {summary.title}. {summary.detail}
            </span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {clusters.map(({ cluster, connection }) => {
            const look = connectionLook[connection.state];
            const up = connection.state === 'connected';
            return (
              <Menu.Item
                key={cluster.id}
                leftSection={<look.icon size={16} stroke={stroke} className={`tone-${look.tone}`} aria-hidden />}
                onClick={() =>
                  up
                    ? ui.go('clusters')
                    : attempt(`${cluster.name} did not connect`, invoke('clusters.connect', { id: cluster.id }))
                }
              >
                <span className="truncate">{cluster.name}</span>
                <MenuHint>{up ? 'Connected' : `${connectionLabels[connection.state]}. Connect now`}</MenuHint>
              </Menu.Item>
            );
          })}
          {clusters.length > 0 && <Menu.Divider />}
          <Menu.Item
            leftSection={<IconServer2 size={16} stroke={stroke} aria-hidden />}
            onClick={() => ui.go('clusters')}
          >
            All clusters
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** How many apps wait for the user. */
function NeedsYouCount() {
  const instances = useStore((state) => state.instances);
  const clusters = useStore((state) => state.clusters);
  const waiting = instances.filter(
    (instance) =>
      instance.kind === 'app' &&
      needsYou(
        instance,
        clusters.find((entry) => entry.cluster.id === instance.clusterId),
      ),
  ).length;
  if (waiting === 0) return null;
  return (
    <span className={`${css.count} ${css.alert}`}>
      <IconAlertOctagon size={14} stroke={stroke} aria-hidden />
      <span className={css.alertCount}>{waiting}</span>
      <span className="visually-hidden">{waiting === 1 ? 'needs you' : 'need you'}</span>
    </span>
  );
}

function ItemCount({ value }: { value: number }) {
  return value > 0 && <span className={css.count}>{value}</span>;
}

function MainItems() {
  const clusters = useStore((state) => state.clusters.length);
  const tunnels = useStore((state) => state.tunnels.length);
  const shown = useTerminals((state) => state.tabs.length);
  const terminals = shown + useOfferedTerminals().length;
  const jobs = useStore((state) => state.jobs.filter(isJobLive).length);
  const badges: Partial<Record<Page, ReactNode>> = {
    running: <NeedsYouCount />,
    jobs: <ItemCount value={jobs} />,
    clusters: <ItemCount value={clusters} />,
  };
  return (
    <div className={css.nav}>
      {items.map((item) => (
        <NavItem key={item.page} {...item} badge={badges[item.page]} />
      ))}
      <NavItem page="tunnels" label="Tunnels" icon={IconArrowsLeftRight} badge={<ItemCount value={tunnels} />} />
      {terminals > 0 && (
        <NavItem page="terminals" label="Terminals" icon={IconTerminal2} badge={<ItemCount value={terminals} />} />
      )}
    </div>
  );
}

export function Rail() {
  return (
    <nav className={css.rail} aria-label="Pages" data-region="rail">
      <div className={css.brand}>
        <span className={css.mark}>
          <BrandMark />
        </span>
        <span className={css.label}>Tunel</span>
      </div>
      <MainItems />
      <div className={css.push} />
      <div className={css.nav}>
        <NavItem page="settings" label="Settings" icon={IconSettings} />
      </div>
      <Connections />
    </nav>
  );
}
