import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Logger, Secrets } from '../../deps.ts';
import type { Ask } from './ask.ts';
import { MAX_WRONG } from './auth-policy.ts';
import { passphraseAccount, type SessionMemory } from './session-memory.ts';

/** Secrets that may be used again. A keychain that fails is not a reason to fail: the user is asked instead. */
export class RememberedSecrets {
  readonly #secrets: Secrets;
  readonly #memory: SessionMemory;
  readonly #logger: Logger;

  constructor(secrets: Secrets, memory: SessionMemory, logger: Logger) {
    this.#secrets = secrets;
    this.#memory = memory;
    this.#logger = logger;
  }

  async password(account: string): Promise<{ value: string; from: 'session' | 'keychain' } | null> {
    const kept = this.#memory.passwords.get(account);
    if (kept) return { value: kept.value, from: kept.isStored ? 'keychain' : 'session' };
    const stored = await this.#get(account);
    return stored === null ? null : { value: stored, from: 'keychain' };
  }

  /** `forSession`: until the app quits. What was refused once after it had been accepted is never kept that way again. */
  async keepPassword(
    account: string,
    value: string,
    { forGood, forSession }: { forGood: boolean; forSession: boolean },
  ): Promise<void> {
    const isOneTime = this.#memory.oneTimeAccounts.has(account);
    if (forGood || (forSession && !isOneTime)) this.#memory.passwords.set(account, { value, isStored: forGood });
    if (forGood) await this.#set(account, value);
  }

  forgetPassword(account: string, from: 'session' | 'keychain'): void {
    this.#memory.passwords.delete(account);
    if (from === 'session') {
      this.#memory.oneTimeAccounts.add(account);
      return;
    }
    this.#secrets.remove(account).catch((error: unknown) => {
      this.#logger.warn('The keychain did not forget a wrong password', { error: String(error) });
    });
  }

  /** Opens a key with the passphrases at hand, then with the user's. Rejects with `cancelled` or `auth-failed`. */
  async unlock<T>(file: string, open: (passphrase: string) => T | Error, ask: Ask): Promise<T> {
    const account = passphraseAccount(file);
    for (const known of [this.#memory.passphrases.get(file), await this.#get(account)]) {
      const opened = known === undefined || known === null ? null : open(known);
      if (opened !== null && !(opened instanceof Error)) return opened;
    }
    for (let wrong = 0; wrong < MAX_WRONG; wrong++) {
      const answer = await ask({ kind: 'secret', secret: 'passphrase', subject: file, wrong, canRemember: true });
      if (answer.kind !== 'secret') throw new AppError('cancelled', 'Sign-in cancelled.');
      const opened = open(answer.value);
      if (opened instanceof Error) continue;
      this.#memory.passphrases.set(file, answer.value);
      if (answer.remember) await this.#set(account, answer.value);
      return opened;
    }
    throw new AppError(
      'auth-failed',
      message`The key ${{ file }} was not unlocked: the passphrase was wrong ${{ MAX_WRONG }} times.`,
      {
        hint: message`Try it in a terminal: ssh-keygen -y -f '${{ file }}'`,
      },
    );
  }

  async #get(account: string): Promise<string | null> {
    try {
      return await this.#secrets.get(account);
    } catch (error) {
      this.#logger.warn('The keychain did not answer, so the user is asked', { error: String(error) });
      return null;
    }
  }

  async #set(account: string, secret: string): Promise<void> {
    try {
      await this.#secrets.set(account, secret);
    } catch (error) {
      this.#logger.warn('The keychain did not keep a secret', { error: String(error) });
    }
  }
}
