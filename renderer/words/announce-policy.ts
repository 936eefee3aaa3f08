import type { AppState } from '../../electron/shared/state.ts';

interface Announcement {
  text: string;
  urgent: boolean;
}

const said: Partial<Record<string, string>> = {
  ready: 'is ready',
  waiting: 'waits in its queue',
  interrupted: 'was interrupted before it was submitted',
  reconnecting: 'is reconnecting',
  ended: 'has ended',
};

type Watched = Pick<AppState, 'instances' | 'clusters' | 'prompts' | 'views'>;

/** What a change is worth saying to a screen reader; failures, prompts and hard stops are urgent. */
export function announcements(before: Watched, after: Watched): Announcement[] {
  const list: Announcement[] = [];
  if (before.instances !== after.instances) {
    const old = new Map(before.instances.map((instance) => [instance.id, instance.state]));
    for (const { id, state, title, error, job } of after.instances) {
      if (!old.has(id) || old.get(id) === state) continue;
      if (state === 'failed') list.push({ text: `${title} failed. ${error?.message ?? ''}`.trim(), urgent: true });
      else if (state === 'running')
        list.push({ text: `${title} is running${job ? ` as job ${job.id}` : ''}.`, urgent: false });
      else if (said[state]) list.push({ text: `${title} ${said[state]}.`, urgent: false });
    }
  }
  if (before.clusters !== after.clusters) {
    const old = new Map(before.clusters.map((entry) => [entry.cluster.id, entry.connection.state]));
    for (const { cluster, connection } of after.clusters) {
      if (!old.has(cluster.id) || old.get(cluster.id) === connection.state) continue;
      if (connection.state === 'connected') list.push({ text: `${cluster.name} is connected.`, urgent: false });
      if (connection.state === 'sign-in-needed')
        list.push({ text: `${cluster.name} needs you to sign in.`, urgent: true });
      if (connection.state === 'unreachable') list.push({ text: `${cluster.name} cannot be reached.`, urgent: true });
      if (connection.state === 'key-changed')
        list.push({ text: `Stopped: ${cluster.name} shows a different key.`, urgent: true });
    }
  }
  if (before.prompts !== after.prompts) {
    const old = new Set(before.prompts.map((prompt) => prompt.id));
    for (const prompt of after.prompts) {
      if (!old.has(prompt.id)) list.push({ text: `${prompt.clusterName} asks for your answer.`, urgent: true });
    }
  }
  if (after.views.fullScreen && !before.views.fullScreen) {
    list.push({ text: 'Full screen. F11 leaves it, and so does holding Escape.', urgent: false });
  }
  return list;
}
