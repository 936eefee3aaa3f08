import type { AppState } from '../../../electron/shared/state.ts';
import { isJobLive, jobLabel } from '../../text/batch-job.ts';
import { connectionLabels } from '../../text/cluster.ts';
import { describeState } from '../../text/connection-loss.ts';
import { canOpen, isOver } from '../../text/instance.ts';
import type { SettingsSection } from '../../ui-store.ts';

export type PaletteAction =
  | { do: 'open' | 'stop' | 'log'; id: string }
  | { do: 'show-job' | 'cancel-job'; id: string }
  | { do: 'launch'; recipe: string }
  | { do: 'connect' | 'disconnect' | 'edit-cluster' | 'show-files'; id: string }
  | { do: 'page'; page: 'running' | 'jobs' | 'files' | 'recipes' | 'clusters' | 'settings' | 'tunnels' }
  | { do: 'settings'; section: SettingsSection }
  | { do: 'new-job' }
  | { do: 'add-cluster' | 'open-tunnel' | 'new-token' | 'reload-recipes' | 'help' };

export interface PaletteItem {
  key: string;
  group: 'Running apps' | 'Jobs' | 'Recipes' | 'Clusters' | 'Commands';
  icon: string;
  label: string;
  detail: string;
  action: PaletteAction;
}

const commands: [string, string, PaletteAction][] = [
  ['Go to running apps', 'play', { do: 'page', page: 'running' }],
  ['Go to jobs', 'jobs', { do: 'page', page: 'jobs' }],
  ['Go to files', 'files', { do: 'page', page: 'files' }],
  ['Go to recipes', 'recipes', { do: 'page', page: 'recipes' }],
  ['Go to clusters', 'server', { do: 'page', page: 'clusters' }],
  ['Go to tunnels', 'tunnel', { do: 'page', page: 'tunnels' }],
  ['Open settings', 'settings', { do: 'page', page: 'settings' }],
  ['Open settings: API and tokens', 'api', { do: 'settings', section: 'api' }],
  ['Show the audit log', 'audit', { do: 'settings', section: 'audit' }],
  ['New token', 'api', { do: 'new-token' }],
  ['New job', 'plus', { do: 'new-job' }],
  ['Add a cluster', 'plus', { do: 'add-cluster' }],
  ['Open a tunnel', 'tunnel', { do: 'open-tunnel' }],
  ['Reload recipes', 'refresh', { do: 'reload-recipes' }],
  ['Show all keys', 'keyboard', { do: 'help' }],
];

type Searched = Pick<AppState, 'instances' | 'jobs' | 'recipes' | 'clusters'>;

function appItems(state: Searched): PaletteItem[] {
  const items: PaletteItem[] = [];
  for (const instance of state.instances) {
    // Batch jobs are a group of their own.
    if (instance.kind === 'job') continue;
    const { id, title } = instance;
    const node = instance.job?.node || instance.endpoint?.node;
    const home = state.clusters.find(({ cluster }) => cluster.id === instance.clusterId);
    const detail = `${describeState(instance, home)} on ${instance.clusterName}${node ? `, node ${node}` : ''}`;
    const add = (label: string, icon: string, action: PaletteAction, more = detail) =>
      items.push({ key: `${action.do}-${id}`, group: 'Running apps', icon, label, detail: more, action });
    if (canOpen(instance)) add(`Open ${title}`, 'open', { do: 'open', id });
    if (!isOver(instance)) {
      const verb = canOpen(instance) ? 'Stop' : 'Cancel';
      add(`${verb} ${title}`, 'stop', { do: 'stop', id }, canOpen(instance) ? 'asks it to save first' : detail);
    }
    if (!canOpen(instance)) add(`Log of ${title}`, 'log', { do: 'log', id });
  }
  return items;
}

function jobItems(state: Searched): PaletteItem[] {
  return state.jobs
    .filter(({ archived }) => !archived)
    .flatMap((job) => {
      const { id, name } = job;
      const home = state.clusters.find(({ cluster }) => cluster.id === job.clusterId);
      const detail = `${jobLabel(job, home).text} on ${job.clusterName}`;
      const item = (label: string, icon: string, action: PaletteAction): PaletteItem[] => [
        { key: `${action.do}-${id}`, group: 'Jobs', icon, label, detail, action },
      ];
      return [
        ...item(`Show job ${name}`, 'jobs', { do: 'show-job', id }),
        ...(isJobLive(job) ? item(`Cancel job ${name}`, 'stop', { do: 'cancel-job', id }) : []),
      ];
    });
}

function everything(state: Searched): PaletteItem[] {
  const items = [...appItems(state), ...jobItems(state)];
  for (const recipe of state.recipes.list) {
    items.push({
      key: `launch-${recipe.name}`,
      group: 'Recipes',
      icon: 'play',
      label: `Launch ${recipe.title}`,
      detail: recipe.category || recipe.name,
      action: { do: 'launch', recipe: recipe.name },
    });
  }
  for (const { cluster, connection } of state.clusters) {
    const up = connection.state === 'connected';
    const { id, name } = cluster;
    items.push({
      key: `connect-${id}`,
      group: 'Clusters',
      icon: up ? 'plug' : 'connect',
      label: `${up ? 'Disconnect' : 'Connect'} ${name}`,
      detail: connectionLabels[connection.state],
      action: { do: up ? 'disconnect' : 'connect', id },
    });
    items.push({
      key: `files-${id}`,
      group: 'Clusters',
      icon: 'files',
      label: `Files of ${name}`,
      detail: up ? '' : connectionLabels[connection.state],
      action: { do: 'show-files', id },
    });
    items.push({
      key: `edit-${id}`,
      group: 'Clusters',
      icon: 'edit',
      label: `Edit ${name}`,
      detail: cluster.demo ? '' : cluster.host,
      action: { do: 'edit-cluster', id },
    });
  }
  for (const [label, icon, action] of commands) {
    items.push({ key: label, group: 'Commands', icon, label, detail: '', action });
  }
  return items;
}

const perGroup = 7;

/**
 * Items for a query: `>` asks for commands, `@` for clusters; every word must occur. Groups keep their order, and only the commands
 * are all shown.
 */
export function search(state: Searched, query: string): PaletteItem[] {
  const prefix = query.startsWith('>') ? 'Commands' : query.startsWith('@') ? 'Clusters' : null;
  const words = (prefix ? query.slice(1) : query).toLowerCase().split(/\s+/).filter(Boolean);
  const counts = new Map<string, number>();
  return everything(state).filter((item) => {
    if (prefix && item.group !== prefix) return false;
    const text = `${item.label} ${item.detail}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) return false;
    const count = (counts.get(item.group) ?? 0) + 1;
    counts.set(item.group, count);
    return item.group === 'Commands' || count <= perGroup;
  });
}
