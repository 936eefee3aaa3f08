import type { KeychainProblem } from '../../shared/state.ts';

/** The keychain did not answer within the limit of a call. */
export class KeychainTimeoutError extends Error {}

/** The keychain gave back something else than was written into it. */
export class KeychainNotKeptError extends Error {}

/** keytar and the secret service have no error codes. */
const patterns: readonly (readonly [RegExp, KeychainProblem])[] = [
  [/timed? ?out/i, 'timed-out'],
  [/locked|dismissed|denied|prompt/i, 'locked'],
  [/libsecret|shared object|dlopen|keytar|cannot find module|NODE_MODULE/i, 'library-missing'],
  [/d-?bus|org\.freedesktop|autolaunch|secret service|no such secret/i, 'service-missing'],
];

export function classifyKeychainProblem(cause: unknown): KeychainProblem {
  if (cause instanceof KeychainTimeoutError) return 'timed-out';
  if (cause instanceof KeychainNotKeptError) return 'not-kept';
  const output = cause instanceof Error ? cause.message : String(cause);
  return patterns.find(([pattern]) => pattern.test(output))?.[1] ?? 'unusable';
}
