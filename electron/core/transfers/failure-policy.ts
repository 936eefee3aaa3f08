import type { AppError, ErrorCode } from '../../shared/errors.ts';

/** `connection`: it goes on with the next one; `transfer`: no other file will fare better; `file`: the others go on. */
export type FailureScope = 'connection' | 'transfer' | 'file';

const ofConnection = new Set<ErrorCode>([
  'auth-failed',
  'auth-unsupported',
  'cancelled',
  'channel-refused',
  'connection-lost',
  'connection-refused',
  'engine-stopped',
  'host-key-changed',
  'host-key-refused',
  'host-key-revoked',
  'host-unknown',
  'key-unreadable',
  'known-hosts-unreadable',
  'not-ssh',
  'password-expired',
  'sign-in-needed',
  'timeout',
]);

const ofTransfer = new Set<ErrorCode>([
  'no-space',
  'read-only',
  'storage',
  'storage-full',
  'storage-quota',
  'storage-read-only',
  'storage-denied',
  'storage-removed',
]);

/** What else an error of one file concerns. */
export function scopeOfFailure({ code }: Pick<AppError, 'code'>): FailureScope {
  if (ofConnection.has(code)) return 'connection';
  return ofTransfer.has(code) ? 'transfer' : 'file';
}
