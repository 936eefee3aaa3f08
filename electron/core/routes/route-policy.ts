import type { Endpoint, RouteInfo } from '../../shared/instances.ts';
import type { RouteKind } from '../../shared/kinds.ts';
import type { RememberedRoute } from '../storage/remembered-route.ts';

/** Why a route may not be tried; `reason` is for the user. */
export interface RouteBar {
  code: 'forbidden-by-site' | 'job-closed' | 'no-token';
  reason: string;
}

/** One route to try. `target`: what is opened, through `hop` (a second connection to that node), the job or the login node. */
export interface RouteStep {
  kind: RouteKind;
  hop: string | null;
  target: { kind: 'socket'; path: string } | { kind: 'port'; host: string; port: number };
  title: string;
  warning: string | null;
  /** Why it may not be tried. */
  barred: RouteBar | null;
}

interface RoutePlanInput {
  endpoint: Endpoint;
  /** The names of the login node. */
  loginNodes: readonly string[];
  /** Absent: nothing is known of its job. `canEnter`: a command can be run inside it. */
  job?: { launcher: string; canEnter: boolean };
  hasToken: boolean;
  forbidden: readonly RouteKind[];
}

const DAY = 24 * 60 * 60_000;
const HOUR = 60 * 60_000;

/** `c1.cluster.example` and `C1` are one node: a job's own name for it and the scheduler's differ in this. */
export function isSameNode(a: string, b: string): boolean {
  const short = (name: string) => name.toLowerCase().split('.')[0];
  return short(a) === short(b);
}

/**
 * The routes to an endpoint, from the most private on. A socket has no `port` route. A port of the login node is as open
 * through a relay as without, so that there the direct route comes first.
 */
export function planRoutes(input: RoutePlanInput): RouteStep[] {
  const { endpoint, loginNodes } = input;
  const here = loginNodes.some((name) => isSameNode(name, endpoint.node));
  const steps = endpoint.kind === 'socket' ? socketSteps(endpoint, here) : portSteps(endpoint, here);
  return steps
    .filter((step) => step.kind !== 'relay' || input.job)
    .map((step) => ({ ...step, barred: findBar(step, here, input) }));
}

type Step = Omit<RouteStep, 'barred'>;

function socketSteps({ node, path }: Extract<Endpoint, { kind: 'socket' }>, here: boolean): Step[] {
  const target = { kind: 'socket', path } as const;
  const direct: Step = { kind: 'socket', hop: null, target, title: 'socket on the login node', warning: null };
  const relay: Step = { ...direct, kind: 'relay', title: `relay ${where(node, here)}` };
  if (here) return [direct, relay];
  // Some file systems let a socket be reached from every node that sees it; where not, the refusal comes at once.
  return [
    { ...direct, title: 'socket through the login node' },
    { kind: 'node', hop: node, target, title: `socket through ${node}`, warning: null },
    relay,
  ];
}

function portSteps({ node, port }: Extract<Endpoint, { kind: 'port' }>, here: boolean): Step[] {
  const loopback = { kind: 'port', host: '127.0.0.1', port } as const;
  const relay = { kind: 'relay', hop: null, target: loopback, title: `relay ${where(node, here)}` } as const;
  if (here) {
    const warning = `Whoever is logged in on ${node} can reach this port, too; only the app's own password protects it.`;
    return [
      { kind: 'port', hop: null, target: loopback, title: 'port on the login node', warning },
      { ...relay, warning },
    ];
  }
  const onNode = `Others with a job on ${node} can reach this port, too.`;
  return [
    { kind: 'node', hop: node, target: loopback, title: `port through ${node}`, warning: onNode },
    { ...relay, warning: onNode },
    {
      kind: 'port',
      hop: null,
      target: { kind: 'port', host: node, port },
      title: `port ${port} of ${node} from the login node`,
      warning: `Others on the cluster can reach port ${port} of ${node}; only the app's own password protects it.`,
    },
  ];
}

const where = (node: string, here: boolean): string => (here ? 'on the login node' : `inside the job on ${node}`);

function findBar(step: Step, here: boolean, { job, hasToken, forbidden }: RoutePlanInput): RouteBar | null {
  if (forbidden.includes(step.kind)) return { code: 'forbidden-by-site', reason: "the site's profile forbids it" };
  if (step.kind === 'relay' && job && !job.canEnter) {
    return { code: 'job-closed', reason: `${job.launcher} lets no command into a running job` };
  }
  // Everybody may sign in on a login node, so that there it does not matter which route leads to the port.
  const isOpenToAll = step.kind === 'port' || (here && step.target.kind === 'port');
  if (!isOpenToAll || hasToken) return null;
  return {
    code: 'no-token',
    reason: 'others on the cluster can reach the port, and the app demands no token of its own',
  };
}

/**
 * The order to try them in: what worked last comes first, for a day (`port` for an hour, since it is the least private), and
 * only when each route before it was tried then and refused. `known`: why those were; null: nothing is taken as known.
 */
export function orderRoutes(
  steps: readonly RouteStep[],
  remembered: RememberedRoute | undefined,
  now: number,
): { steps: RouteStep[]; known: RouteInfo['refused'] | null } {
  const at = steps.findIndex((step) => step.kind === remembered?.kind);
  const step = steps[at];
  if (!remembered || !step || at === 0 || step.barred) return { steps: [...steps], known: null };
  const age = now - remembered.at;
  const known = steps.slice(0, at).map(({ kind, barred }) => ({
    kind,
    reason: barred?.reason ?? remembered.refused.find((refusal) => refusal.kind === kind)?.reason,
  }));
  const refused = known.filter((refusal): refusal is RouteInfo['refused'][number] => refusal.reason !== undefined);
  if (age < 0 || age > (step.kind === 'port' ? HOUR : DAY) || refused.length < known.length) {
    return { steps: [...steps], known: null };
  }
  return { steps: [step, ...steps.filter((other) => other !== step)], known: refused };
}

export function routeInfo(step: RouteStep, refused: RouteInfo['refused']): RouteInfo {
  return { kind: step.kind, text: step.title, refused: [...refused], warning: step.warning };
}
