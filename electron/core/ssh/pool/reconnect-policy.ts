import type { ConnectionState } from '../../../shared/clusters.ts';
import type { AppError, ErrorCode } from '../../../shared/errors.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * How long to wait before a try (1 = the first after a loss), ms: doubling from 1 s to 60 s, each between half and the whole
 * of it, so that many clients of one server do not come back in step (sshd drops at MaxStartups).
 */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(full * (0.5 + random / 2));
}

/** Failures that time may heal; all others need the user. */
const passing = new Set<ErrorCode>([
  'timeout',
  'connection-refused',
  'connection-lost',
  'host-unknown',
  'not-ssh',
  'channel-refused',
]);

/** Whether the same attempt may work later, without the user. */
export const isPassing = ({ code }: Pick<AppError, 'code'>): boolean => passing.has(code);

const keyChanged = new Set<ErrorCode>(['host-key-changed', 'host-key-revoked']);

interface FailureVerdict {
  retry: boolean;
  state: ConnectionState;
}

/**
 * What follows a failed attempt. `lost`: it was connected before, so the cluster is known to work. `wasRefused`: a server
 * refused a credential, and servers lock accounts after some of those.
 */
export function afterFailure(error: AppError, lost: boolean, wasRefused = false): FailureVerdict {
  if (!wasRefused && isPassing(error)) return { retry: true, state: lost ? 'reconnecting' : 'unreachable' };
  if (keyChanged.has(error.code)) return { retry: false, state: 'key-changed' };
  return { retry: false, state: 'sign-in-needed' };
}

/** A tick that comes this much late means the machine slept: what was connected may be gone without a word. */
export function slept(elapsedMs: number, intervalMs: number): boolean {
  return elapsedMs > intervalMs * 2 + 3000;
}
