import type { AppError } from '../../shared/errors.ts';
import type { Endpoint, RouteInfo } from '../../shared/instances.ts';
import type { RouteKind } from '../../shared/kinds.ts';

/** One way to try. `target`: what is opened; `hop`: on the second connection to that node instead of the first. */
export interface RouteStep {
  kind: RouteKind;
  hop: string | null;
  target: { kind: 'socket'; path: string } | { kind: 'port'; host: string; port: number };
  words: string;
  warning: string | null;
}

/** `c1.cluster.example` and `C1` are one node: a job's own name for it and the scheduler's differ in this. */
export function isSameNode(a: string, b: string): boolean {
  const short = (name: string) => name.toLowerCase().split('.')[0];
  return short(a) === short(b);
}

/**
 * The ways to an endpoint, in the order to try them: what worked last here first, then from the most private on. A socket
 * has no `port` way. A port on the login node itself is on its loopback, where a hop to itself would change nothing.
 */
export function planRoutes(endpoint: Endpoint, loginNode: string, remembered?: RouteKind): RouteStep[] {
  const { node } = endpoint;
  const here = isSameNode(node, loginNode);
  const steps = endpoint.kind === 'socket' ? socketSteps(endpoint, here) : portSteps(endpoint, here);
  return [...steps.filter((step) => step.kind === remembered), ...steps.filter((step) => step.kind !== remembered)];
}

function socketSteps({ node, path }: Extract<Endpoint, { kind: 'socket' }>, here: boolean): RouteStep[] {
  const target = { kind: 'socket', path } as const;
  const direct: RouteStep = { kind: 'socket', hop: null, target, words: 'socket on the login node', warning: null };
  if (here) return [direct];
  // Some file systems let a socket be reached from every node that sees it; where not, the refusal comes at once.
  return [
    { ...direct, words: 'socket through the login node' },
    { kind: 'node', hop: node, target, words: `socket through ${node}`, warning: null },
  ];
}

function portSteps({ node, port }: Extract<Endpoint, { kind: 'port' }>, here: boolean): RouteStep[] {
  const loopback = { kind: 'port', host: '127.0.0.1', port } as const;
  if (here) {
    const warning = `Whoever is logged in on ${node} can reach this port, too; only the app's own password protects it.`;
    return [{ kind: 'port', hop: null, target: loopback, words: 'port on the login node', warning }];
  }
  const warning = `Others on the cluster can reach port ${port} of ${node}; only the app's own password protects it.`;
  return [
    {
      kind: 'node',
      hop: node,
      target: loopback,
      words: `port through ${node}`,
      warning: `Others with a job on ${node} can reach this port, too.`,
    },
    {
      kind: 'port',
      hop: null,
      target: { kind: 'port', host: node, port },
      words: `port ${port} of ${node} from the login node`,
      warning,
    },
  ];
}

/** A host key that cannot be trusted, or a question the user cancelled: a less private way instead would be wrong. */
export function endsTheSearch(error: AppError): boolean {
  return ['cancelled', 'host-key-changed', 'host-key-refused', 'host-key-revoked', 'known-hosts-unreadable'].includes(
    error.code,
  );
}

/**
 * Why one way could not be used, in plain words with the server's own beside. sshd answers alike for a socket that it may
 * not forward to and for one on which nobody listens, so both are said.
 */
export function refusalReason(step: RouteStep, loginNode: string, error: AppError): string {
  const own = error.detail ? ` (${error.detail})` : '';
  const from = step.hop ?? loginNode;
  switch (error.code) {
    case 'forwarding-denied':
      return `${loginNode}${step.hop ? ` or ${step.hop}` : ''} does not allow forwarding${own}`;
    case 'channel-refused':
      return step.target.kind === 'socket'
        ? `nothing answers at the socket from ${from}, or it does not allow forwarding to sockets${own}`
        : `nothing answers at ${step.target.host}:${step.target.port} from ${from}${own}`;
    case 'timeout':
      return `no answer in time: ${error.message}`;
    case 'auth-failed':
    case 'auth-unsupported':
    case 'sign-in-needed':
      return `${from} does not let you sign in by ssh: ${error.message}`;
    case 'host-unknown':
    case 'connection-refused':
    case 'connection-lost':
    case 'not-ssh':
      return `no ssh to ${from}: ${error.message}`;
    default:
      return error.message + own;
  }
}

/** What the user can do when no way is left, by why they failed. */
export function noRouteHint(endpoint: Endpoint, codes: readonly AppError['code'][]): string {
  if (codes.length > 0 && codes.every((code) => code === 'forwarding-denied')) {
    return 'This cluster forbids forwarding, so no app there can be opened from here; ask its support to allow it.';
  }
  if (codes.some((code) => code === 'auth-failed' || code === 'sign-in-needed' || code === 'auth-unsupported')) {
    return `Try in a terminal on the cluster whether \`ssh ${endpoint.node}\` works while the app runs.`;
  }
  return 'Look at the log of the app: it may have ended, or listen elsewhere; and some clusters forbid forwarding.';
}

export function routeInfo(step: RouteStep, refused: RouteInfo['refused']): RouteInfo {
  return { kind: step.kind, words: step.words, refused: [...refused], warning: step.warning };
}
