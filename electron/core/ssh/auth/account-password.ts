import { AppError } from '../../../shared/errors.ts';
import type { Ask } from './ask.ts';
import type { RememberedSecrets } from './remembered-secrets.ts';

interface AccountPasswordOptions {
  account: string;
  remembered: RememberedSecrets;
  ask: Ask;
}

interface PasswordRequest {
  /** `user@host`. */
  subject: string;
  /** The server's own text before the question. */
  instructions: string;
  wrong: number;
  /** It may be a one-time code: kept and sent only where the user asked for that. */
  isDoubtful: boolean;
}

type Held = { value: string; from: 'user' | 'session' | 'keychain'; isDoubtful: boolean; remember: boolean };

/** The password of one account during one sign-in: where it comes from, and what is kept of it at the end. */
export class AccountPassword {
  readonly #options: AccountPasswordOptions;
  #held: Held | null = null;
  /** What the server accepted, to be kept when the sign-in is complete. */
  #accepted: Held | null = null;

  constructor(options: AccountPasswordOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const found = await this.#options.remembered.password(this.#options.account);
    this.#held = found && { ...found, isDoubtful: false, remember: false };
  }

  /** Whether one can be given without asking. */
  get isAtHand(): boolean {
    return this.#held !== null;
  }

  /** Gives the one at hand, or the user's. */
  async give(request: PasswordRequest): Promise<{ value: string; wasTyped: boolean }> {
    const held = this.#held;
    const isUsable = held && (!request.isDoubtful || held.from === 'keychain');
    if (isUsable) return { value: held.value, wasTyped: false };
    const answer = await this.#options.ask({
      kind: 'secret',
      secret: 'password',
      subject: request.subject,
      instructions: request.instructions,
      wrong: request.wrong,
      canRemember: this.#accepted === null,
    });
    if (answer.kind !== 'secret') throw new AppError('cancelled', 'Sign-in cancelled.');
    this.#held = { value: answer.value, from: 'user', isDoubtful: request.isDoubtful, remember: answer.remember };
    return { value: answer.value, wasTyped: true };
  }

  /** It was wrong: sent again, it would only be refused again. */
  forget(): void {
    const held = this.#held;
    this.#held = null;
    if (held && held.from !== 'user') this.#options.remembered.forgetPassword(this.#options.account, held.from);
  }

  /** Stops giving it without asking on this connection: what the server wants next is something else. */
  accept(): void {
    this.#accepted ??= this.#held;
    this.#held = null;
  }

  /** The user changed it in a conversation of the server: none that is at hand is right any more. */
  discard(): void {
    this.forget();
    this.#accepted = null;
  }

  /** On a new connection the first question is the same as before. */
  restart(): void {
    this.#held ??= this.#accepted;
    this.#accepted = null;
  }

  /** Does not give by itself what was not typed for this sign-in. */
  requireTyping(): void {
    if (this.#held && this.#held.from !== 'user') this.#held = null;
  }

  /** Signed in: keeps what was typed as a password, or what the user asked to keep. */
  async keep(): Promise<void> {
    const { remembered, account } = this.#options;
    const held = this.#accepted ?? this.#held;
    if (held?.from !== 'user') return;
    await remembered.keepPassword(account, held.value, { forGood: held.remember, forSession: !held.isDoubtful });
  }
}
