import type { RememberedReply } from './prompt-policy.ts';

/** What one cluster's sign-in may use again until the app quits; never written anywhere. One-time codes are not kept. */
export class SessionMemory {
  /** By keychain account, see `passwordAccount`. */
  readonly passwords = new Map<string, { value: string; isStored: boolean }>();
  /** Accounts whose kept password was refused after it had been accepted: it may have been a one-time code. */
  readonly oneTimeAccounts = new Set<string>();
  /** By the same account: the keys that were accepted at its last sign-in. */
  readonly acceptedKeys = new Map<string, ReadonlySet<string>>();
  /** By the same account: the files of the keys that OpenSSH signed in with; a key without a file has another text. */
  readonly acceptedKeyFiles = new Map<string, readonly string[]>();
  /** By key file. */
  readonly passphrases = new Map<string, string>();
  /** Host keys accepted without saving, by known_hosts name. */
  readonly hostKeys = new Map<string, string>();
  /** Fingerprints of host keys that the user compared, to be added beside the known one. */
  readonly comparedKeys = new Set<string>();
  /** The reply that the user asked to give always; null until then. */
  menuReply: RememberedReply | null = null;
}

/** The keychain's account name of a password. */
export function passwordAccount(user: string, host: string, port: number): string {
  return `password:${user}@${host}:${port}`;
}

/** The keychain's account name of a passphrase. */
export function passphraseAccount(file: string): string {
  return `passphrase:${file}`;
}
