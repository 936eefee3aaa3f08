import { type LauncherName, type RouteKind, type RuntimeName, routeKinds } from '../../../electron/shared/kinds.ts';
import type { ClusterName } from '../../helpers/clusters.ts';

/** Where the matrix runs, and which ways lead to an app there. */
export interface Place {
  cluster: ClusterName;
  launcher: LauncherName;
  runtimes: readonly RuntimeName[];
  /** To a Unix socket; `port` leads to apps that listen on one. */
  routes: readonly RouteKind[];
  /** Nodes where the app may run. */
  nodes: readonly string[];
  /** MiB, where a container needs more than its app. */
  containerMemory?: number;
  /** Why the other ways do not lead there. */
  without: string;
}

export const places: readonly Place[] = [
  {
    cluster: 'login',
    launcher: 'login',
    runtimes: ['native'],
    routes: ['socket', 'relay', 'port'],
    nodes: ['login'],
    without: 'node: the app runs on the login node itself',
  },
  {
    cluster: 'containers',
    launcher: 'login',
    runtimes: ['native', 'apptainer', 'podman'],
    routes: ['socket', 'relay', 'port'],
    nodes: ['apx'],
    without: 'node: the app runs on the login node itself',
  },
  {
    cluster: 'slurm24',
    launcher: 'slurm',
    runtimes: ['native', 'apptainer', 'podman'],
    routes: ['node', 'relay', 'port'],
    nodes: ['c1', 'c2'],
    without: 'socket: a socket answers only on the node that made it',
  },
  {
    cluster: 'slurm22',
    launcher: 'slurm',
    runtimes: ['native'],
    routes: ['node', 'relay', 'port'],
    nodes: ['c1', 'c2'],
    without: 'socket: a socket answers only on the node that made it',
  },
  {
    cluster: 'htcondor',
    launcher: 'htcondor',
    runtimes: ['native', 'apptainer', 'podman'],
    routes: ['relay', 'port'],
    nodes: ['w1', 'w2'],
    without: 'socket, node: no shared home, and no ssh to the workers',
  },
  {
    cluster: 'gridengine',
    launcher: 'gridengine',
    runtimes: ['native', 'apptainer', 'podman'],
    // Address space: Go programs reserve much more than they use.
    containerMemory: 2000,
    routes: ['relay', 'port'],
    nodes: ['e1', 'e2'],
    without: 'socket: a socket answers only on the node that made it; node: no ssh to the nodes',
  },
];

/** All ways but one, as a site forbids them. */
export const allBut = (kind: RouteKind): RouteKind[] => routeKinds.filter((other) => other !== kind);
