import type { AppError } from '../../shared/errors.ts';
import type { Endpoint } from '../../shared/instances.ts';
import type { RouteBar, RouteStep } from './route-policy.ts';

/** A host key that cannot be trusted, or a question the user cancelled: a less private route instead would be wrong. */
export function endsTheSearch(error: AppError): boolean {
  return ['cancelled', 'host-key-changed', 'host-key-refused', 'host-key-revoked', 'known-hosts-unreadable'].includes(
    error.code,
  );
}

/**
 * Why a route could not be used, with the native message in brackets. sshd answers alike for a socket that it may not forward
 * to and for one on which nobody listens, so the reason names both. `reached`: the second hop stood, or the relay ran.
 */
export function refusalReason(step: RouteStep, loginNode: string, error: AppError, reached: boolean): string {
  const own = error.detail ? ` (${error.detail})` : '';
  const whole = error.message.replace(/\.$/, '');
  if (step.kind === 'relay') return error.values.nativeMessage === error.detail ? whole : whole + own;
  const from = step.hop ?? loginNode;
  if (step.hop !== null && !reached) return hopReason(step.hop, error, own);
  switch (error.code) {
    case 'forwarding-denied':
      return `${loginNode}${step.hop ? ` or ${step.hop}` : ''} does not allow forwarding${own}`;
    case 'channel-refused':
      return step.target.kind === 'socket'
        ? `nothing answers at the socket from ${from}, or it does not allow forwarding to sockets${own}`
        : `nothing answers at ${step.target.host}:${step.target.port} from ${from}${own}`;
    case 'timeout':
      return `no answer in time: ${error.message}`;
    default:
      return error.message + own;
  }
}

function hopReason(node: string, error: AppError, own: string): string {
  const isSignIn = ['auth-failed', 'auth-unsupported', 'sign-in-needed'].includes(error.code);
  return `${isSignIn ? `${node} does not let you sign in by ssh` : `no ssh to ${node}`}: ${error.message}${own}`;
}

/** What the user can do when no route is left, by why each could not be used. */
export function noRouteHint(
  endpoint: Endpoint,
  bars: readonly RouteBar['code'][],
  codes: readonly AppError['code'][],
): string {
  if (bars.includes('no-token')) {
    return 'Let the app listen on a socket, or give its recipe a `serve.token` that the app checks.';
  }
  if (codes.length > 0 && codes.every((code) => code === 'forwarding-denied')) {
    return 'This cluster forbids forwarding, so no app there can be opened from here; ask its support to allow it.';
  }
  if (codes.some((code) => code === 'auth-failed' || code === 'sign-in-needed' || code === 'auth-unsupported')) {
    return `Try in a terminal on the cluster whether \`ssh ${endpoint.node}\` works while the app runs.`;
  }
  return 'Look at the log of the app: it may have ended, or listen elsewhere; and some clusters forbid forwarding.';
}
