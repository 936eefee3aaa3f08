import type { Exposure, Instance } from '../../electron/shared/instances.ts';
import type { RouteKind } from '../../electron/shared/kinds.ts';

export const routeLabels: Record<RouteKind, string> = {
  socket: 'socket on the login node',
  node: 'second hop to the node',
  relay: 'relay inside the job',
  port: 'port of the node',
};

/** How the bytes reach the app, in a sentence; empty where there is no route. */
export function describeRoute({ route, endpoint }: Pick<Instance, 'route' | 'endpoint'>): string {
  if (!route) return '';
  const node = endpoint?.node ? `node ${endpoint.node}` : 'the node';
  const port = endpoint?.kind === 'port' ? `port ${endpoint.port}` : 'a port';
  const sentences: Record<RouteKind, string> = {
    socket: 'Reached through a private socket on the login node.',
    node: `Reached through a second SSH hop to ${node}.`,
    relay: 'Reached through a relay inside the job.',
    port: `Reached through ${port} of ${node}.`,
  };
  return sentences[route.kind];
}

export type ExposureLevel = Exposure['level'];

export interface ExposureSummary {
  level: ExposureLevel;
  /** For a line of facts. */
  short: string;
  /** For a heading. */
  title: string;
  /** `ok`: nobody else; `wait`: others can; `off`: not known. */
  tone: 'ok' | 'wait' | 'off';
  /** Looked at on the cluster; otherwise only what its way says. */
  checked: boolean;
}

const levels: Record<ExposureLevel, Omit<ExposureSummary, 'level' | 'checked'>> = {
  'only-you': { short: 'only you can reach it', title: 'Only you can reach this', tone: 'ok' },
  group: { short: 'your group can reach it', title: 'Your group there can reach this', tone: 'wait' },
  node: { short: 'others on its node can reach it', title: 'Others on its node can reach this', tone: 'wait' },
  cluster: { short: 'others on the cluster can reach it', title: 'Others on the cluster can reach this', tone: 'wait' },
  unknown: { short: 'not known who can reach it', title: 'Not known who can reach this', tone: 'off' },
};

/**
 * Who can reach an app: as it was found out there, else what its way says. The port way leads to a port that others on
 * the cluster can reach, another way with a warning to the loopback of a node, the rest into a directory of the user's own.
 */
export function exposureOf(instance: Pick<Instance, 'exposure' | 'route'>): ExposureSummary {
  const { exposure, route } = instance;
  const presumed = route?.kind === 'port' ? 'cluster' : (route?.warning ?? null) !== null ? 'node' : 'only-you';
  const level = exposure?.level ?? presumed;
  return { level, ...levels[level], checked: exposure !== null };
}
