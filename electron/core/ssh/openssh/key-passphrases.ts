import { AppError } from '../../../shared/errors.ts';
import type { Secrets } from '../../deps.ts';
import type { Ask } from '../auth/ask.ts';
import { passphraseAccount, type SessionMemory } from '../auth/session-memory.ts';

interface Given {
  value: string;
  isTyped: boolean;
  remember: boolean;
  times: number;
  /** Who had it: asked by the same again, it was wrong. */
  askers: Set<string>;
}

/** Passphrases of key files during one sign-in; ssh asks again when one was wrong. */
export class KeyPassphrases {
  readonly #memory: SessionMemory;
  readonly #secrets: Secrets;
  readonly #given = new Map<string, Given>();

  constructor(memory: SessionMemory, secrets: Secrets) {
    this.#memory = memory;
    this.#secrets = secrets;
  }

  /** The one at hand, or the user's. Rejects with `cancelled`. */
  async give(file: string, asker: string, ask: Ask): Promise<string> {
    const before = this.#given.get(file);
    if (before && !before.askers.has(asker)) {
      before.askers.add(asker);
      return before.value;
    }
    const askers = new Set([asker]);
    if (!before) {
      // A keychain that fails is not a reason to fail: the user is asked instead.
      const stored = await this.#secrets.get(passphraseAccount(file)).catch(() => null);
      const value = this.#memory.passphrases.get(file) ?? stored;
      if (value !== null) {
        this.#given.set(file, { value, isTyped: false, remember: false, times: 0, askers });
        return value;
      }
    }
    const wrong = before?.isTyped ? before.times : 0;
    const answer = await ask({ kind: 'secret', secret: 'passphrase', subject: file, wrong, canRemember: true });
    if (answer.kind !== 'secret') throw new AppError('cancelled', 'Sign-in cancelled.');
    this.#given.set(file, { value: answer.value, isTyped: true, remember: answer.remember, times: wrong + 1, askers });
    return answer.value;
  }

  /** Signed in: the last ones given were right. */
  async keep(): Promise<void> {
    for (const [file, { value, isTyped, remember }] of this.#given) {
      if (!isTyped) continue;
      this.#memory.passphrases.set(file, value);
      if (remember) await this.#secrets.set(passphraseAccount(file), value).catch(() => undefined);
    }
  }
}
