import { Menu, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconAlertOctagon,
  IconBook2,
  IconKey,
  IconPlayerPlay,
  IconPlug,
  IconPlugConnected,
  IconServer2,
  IconSettings,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ClusterState } from '../../electron/shared/clusters.ts';
import { actions, attempt } from '../actions.ts';
import { useStore } from '../store.ts';
import { type Page, ui, useUi } from '../ui-store.ts';
import { connectionWords } from '../words/cluster.ts';
import { needsYou } from '../words/instance.ts';
import { connectionLook } from './icons.tsx';
import { Mark, stroke } from './parts.tsx';

const items: { page: Page; label: string; icon: TablerIcon }[] = [
  { page: 'running', label: 'Running', icon: IconPlayerPlay },
  { page: 'recipes', label: 'Recipes', icon: IconBook2 },
  { page: 'clusters', label: 'Clusters', icon: IconServer2 },
];

function NavItem(props: { page: Page; label: string; icon: TablerIcon; badge?: ReactNode; keys: string }) {
  const current = useUi((state) => (state.launch ? 'recipes' : state.page));
  const small = useMediaQuery('(max-width: 1023px)') ?? false;
  const Shown = props.icon;
  return (
    <Tooltip label={props.label} position="right" disabled={!small}>
      <button
        type="button"
        className="nav-item"
        aria-current={current === props.page ? 'page' : undefined}
        aria-label={small ? props.label : undefined}
        aria-keyshortcuts={props.keys}
        onClick={() => ui.go(props.page)}
      >
        <Shown size={18} stroke={stroke} aria-hidden />
        <span className="lbl">{props.label}</span>
        {props.badge}
      </button>
    </Tooltip>
  );
}

export function connectionSummary(clusters: ClusterState[]) {
  const up = clusters.filter((entry) => entry.connection.state === 'connected');
  const care = clusters.find(
    (entry) => entry.connection.state === 'sign-in-needed' || entry.connection.state === 'asking',
  );
  const title =
    clusters.length === 0
      ? 'No clusters yet'
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
  const summary = connectionSummary(clusters);
  const Shown = summary.care ? IconKey : summary.up > 0 ? IconPlugConnected : IconPlug;
  const tone = summary.care ? 't-wait' : summary.up > 0 ? 't-ok' : 't-off';
  return (
    <div className="conn-box">
      <Menu position="right-end" width={280}>
        <Menu.Target>
          <button type="button" className="conn" title={`${summary.title}. ${summary.detail}`}>
            <Shown size={18} stroke={stroke} aria-hidden className={`${tone} fixed`} />
            <span className="lbl col">
              <span className="s m cut" style={{ color: 'var(--ink)' }}>
                {summary.title}
              </span>
              {summary.detail && <span className="xs dimmer num cut">{summary.detail}</span>}
            </span>
            <span className="sr show-s">
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
                leftSection={<look.icon size={16} stroke={stroke} className={`t-${look.tone}`} aria-hidden />}
                onClick={() =>
                  up ? ui.go('clusters') : attempt(`${cluster.name} did not connect`, actions.connect(cluster.id))
                }
              >
                <span className="cut">{cluster.name}</span>
                <span className="sub">{up ? 'Connected' : `${connectionWords[connection.state]}. Connect now`}</span>
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

export function Rail() {
  const instances = useStore((state) => state.instances);
  const clusters = useStore((state) => state.clusters);
  const care = instances.filter((instance) =>
    needsYou(
      instance,
      clusters.find((entry) => entry.cluster.id === instance.clusterId),
    ),
  ).length;
  return (
    <nav className="rail" aria-label="Pages">
      <div className="brand">
        <span className="mark">
          <Mark />
        </span>
        <span className="lbl">Tunel</span>
      </div>
      <div className="nav">
        {items.map((item, index) => (
          <NavItem
            key={item.page}
            {...item}
            keys={`Alt+${index + 1}`}
            badge={
              item.page === 'running' && care > 0 ? (
                <span className="n alert">
                  <IconAlertOctagon size={14} stroke={stroke} aria-hidden />
                  <span className="t">{care}</span>
                  <span className="sr">{care === 1 ? 'needs you' : 'need you'}</span>
                </span>
              ) : item.page === 'clusters' && clusters.length > 0 ? (
                <span className="n">{clusters.length}</span>
              ) : null
            }
          />
        ))}
      </div>
      <div className="push" />
      <div className="nav">
        <NavItem page="settings" label="Settings" icon={IconSettings} keys={`Alt+${items.length + 1}`} />
      </div>
      <Connections />
    </nav>
  );
}
