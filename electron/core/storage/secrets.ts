import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { KeychainProblem } from '../../shared/state.ts';
import type { Logger, Secrets } from '../deps.ts';
import { type Keychain, openKeychain } from './keychain.ts';
import { classifyKeychainProblem, KeychainNotKeptError, KeychainTimeoutError } from './keychain-problem.ts';

/** A keychain answers within 0.1 s; one that asks the user to unlock it, or is broken, may never. */
const callLimit = 3000;

/** Secrets in the system's keychain where that answers, otherwise in memory. Does not wait for it. */
export async function openSecrets(logger: Logger): Promise<Secrets> {
  return new SystemSecrets(openKeychain, logger);
}

/** Asks the keychain until a call takes too long; from then on keeps everything in memory, so that no later call waits. */
class SystemSecrets implements Secrets {
  readonly #open: () => Keychain;
  readonly #logger: Logger;
  readonly #memory = memorySecrets('');
  readonly #emitter = new EventEmitter<{ changed: [] }>();
  #keychain: Promise<Keychain | null> | null = null;
  #kind: 'system' | 'memory' = 'system';
  #reason = '';
  #problem: KeychainProblem | null = null;

  constructor(open: () => Keychain, logger: Logger) {
    this.#open = open;
    this.#logger = logger;
  }

  get kind(): 'system' | 'memory' {
    return this.#kind;
  }

  get reason(): string {
    return this.#reason;
  }

  get problem(): KeychainProblem | null {
    return this.#problem;
  }

  onChange(listener: () => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  get(account: string): Promise<string | null> {
    return this.#use(
      'answer',
      (keychain) => keychain.get(account),
      (memory) => memory.get(account),
    );
  }

  set(account: string, secret: string): Promise<void> {
    return this.#use(
      'save',
      (keychain) => keychain.set(account, secret),
      (memory) => memory.set(account, secret),
    );
  }

  remove(account: string): Promise<void> {
    return this.#use(
      'remove the entry',
      (keychain) => keychain.remove(account),
      (memory) => memory.remove(account),
    );
  }

  list(prefix: string): Promise<string[]> {
    return this.#use(
      'answer',
      async (keychain) => (await keychain.accounts()).filter((account) => account.startsWith(prefix)),
      (memory) => memory.list(prefix),
    );
  }

  async #use<T>(
    what: string,
    call: (keychain: Keychain) => Promise<T>,
    otherwise: (memory: Secrets) => Promise<T>,
  ): Promise<T> {
    this.#keychain ??= this.#probe();
    const keychain = await this.#keychain;
    if (!keychain || this.#kind === 'memory') return otherwise(this.#memory);
    try {
      return await within(callLimit, call(keychain));
    } catch (cause) {
      if (cause instanceof KeychainTimeoutError) this.#giveUp(keychain, cause);
      // Another call may have given up meanwhile, which ends this one.
      if (this.kind === 'memory') return otherwise(this.#memory);
      throw new AppError('keychain', message`The system keychain did not ${{ action: what }}.`, {
        hint: 'Unlock it, then try again.',
        detail: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }
  }

  /** Writes an entry, reads it back and removes it: a keychain may be there and not work. */
  async #probe(): Promise<Keychain | null> {
    let keychain: Keychain | null = null;
    try {
      keychain = this.#open();
      await within(callLimit, tryKeychain(keychain));
      return keychain;
    } catch (cause) {
      this.#giveUp(keychain, cause);
      return null;
    }
  }

  #giveUp(keychain: Keychain | null, cause: unknown): void {
    if (this.#kind === 'memory') return;
    this.#kind = 'memory';
    this.#reason = cause instanceof Error ? cause.message : String(cause);
    this.#problem = classifyKeychainProblem(cause);
    keychain?.stop();
    this.#logger.warn('no system keychain, secrets stay in memory', { reason: this.#reason });
    this.#emitter.emit('changed');
  }
}

async function tryKeychain(keychain: Keychain): Promise<void> {
  const canary = `canary:${randomUUID()}`;
  await keychain.set(canary, canary);
  const back = await keychain.get(canary);
  await keychain.remove(canary);
  if (back !== canary) throw new KeychainNotKeptError('what was written could not be read back');
}

/** Secrets until the process ends. */
export function memorySecrets(reason: string): Secrets {
  const kept = new Map<string, string>();
  return {
    kind: 'memory',
    reason,
    problem: null,
    onChange: () => () => undefined,
    get: async (account) => kept.get(account) ?? null,
    set: async (account, secret) => {
      kept.set(account, secret);
    },
    remove: async (account) => {
      kept.delete(account);
    },
    list: async (prefix) => [...kept.keys()].filter((account) => account.startsWith(prefix)),
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new KeychainTimeoutError(`the keychain did not answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
