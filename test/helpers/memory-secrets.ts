import type { Secrets } from '../../electron/core/deps.ts';

/** A keychain that lasts as long as its test. */
export class MemorySecrets implements Secrets {
  readonly kind = 'memory';
  readonly problem = null;
  readonly reason = 'a test';
  readonly held = new Map<string, string>();
  onChange() {
    return () => undefined;
  }
  async get(account: string) {
    return this.held.get(account) ?? null;
  }
  async set(account: string, secret: string) {
    this.held.set(account, secret);
  }
  async remove(account: string) {
    this.held.delete(account);
  }
  async list(prefix: string) {
    return [...this.held.keys()].filter((account) => account.startsWith(prefix));
  }
}
