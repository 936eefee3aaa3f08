import { AppError } from '../../../shared/errors.ts';
import type { AccountPassword } from './account-password.ts';
import type { Ask } from './ask.ts';
import {
  asksForNewPassword,
  classifyRound,
  type GivenFactors,
  isApprovedElsewhere,
  type MenuOption,
  menuQuestion,
  type RememberedReply,
  type Round,
  rememberedOption,
} from './prompt-policy.ts';

interface ConversationOptions {
  /** `user@host`. */
  subject: string;
  password: AccountPassword;
  /** Given on this connection before. */
  given: GivenFactors;
  /** Wrong answers so far. */
  wrong: number;
  /** How often each question was put during this sign-in, by its text. */
  timesAsked: Map<string, number>;
  ask: Ask;
  /** Called before the user is asked to type. */
  beforeAsking(): void;
  /** A reply to give by itself, once; null: none. */
  takeMenuReply(): RememberedReply | null;
  onMenuReply(remembered: RememberedReply): void;
  /** The user has to approve on another device before the server goes on. */
  onApproval(option: MenuOption): void;
}

/** One keyboard-interactive exchange (RFC 4256): answers its rounds and knows afterwards what was given. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #given: GivenFactors;
  #rounds = 0;
  #wasTyped = false;
  #wasPasswordReused = false;
  #endedOnPassword = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#given = { ...options.given };
  }

  get wasAsked(): boolean {
    return this.#rounds > 0;
  }

  /** Whether a person typed an answer. */
  get wasTyped(): boolean {
    return this.#wasTyped;
  }

  /** What was given on this connection so far, this exchange included. */
  get given(): GivenFactors {
    return this.#given;
  }

  /** Whether a refusal may be due to the password: a later round may have been wrong instead, but not twice. */
  get isPasswordSuspect(): boolean {
    return this.#endedOnPassword || this.#wasPasswordReused;
  }

  get title(): string {
    if (this.#endedOnPassword) return 'a password';
    return this.#rounds > 1 ? 'a password and a code' : 'a code';
  }

  async answer(round: Round): Promise<string[]> {
    this.#rounds++;
    this.#endedOnPassword = false;
    const kind = classifyRound(round, this.#given);
    if (kind === 'password' || kind === 'doubtful-password' || kind === 'password-again') {
      return [await this.#password(round, kind)];
    }
    if (kind === 'menu') {
      const remembered = this.#options.takeMenuReply();
      const option = remembered && rememberedOption(round, this.#options.subject, remembered);
      if (option) {
        this.#choose(option);
        return [option.reply];
      }
    }
    return this.#questions(round);
  }

  async #password(round: Round, kind: 'password' | 'doubtful-password' | 'password-again'): Promise<string> {
    const { password, subject, wrong } = this.#options;
    if (kind === 'password-again') password.forget();
    const given = await password.give({
      subject,
      instructions: round.instructions,
      wrong: kind === 'password-again' ? wrong + 1 : wrong,
      isDoubtful: kind === 'doubtful-password',
    });
    this.#endedOnPassword = true;
    this.#given.password = true;
    if (given.wasTyped) this.#wasTyped = true;
    else this.#wasPasswordReused = true;
    return given.value;
  }

  async #questions(round: Round): Promise<string[]> {
    const { subject, timesAsked, ask, beforeAsking, onMenuReply } = this.#options;
    beforeAsking();
    const key = round.fields.map((field) => field.text).join('\n');
    const before = timesAsked.get(key) ?? 0;
    timesAsked.set(key, before + 1);
    const answer = await ask({ kind: 'interactive', subject, ...round, round: this.#rounds, wrong: before });
    if (answer.kind !== 'interactive') throw new AppError('cancelled', 'Sign-in cancelled.');
    this.#wasTyped = true;
    this.#given.other = true;
    if (asksForNewPassword(round)) this.#options.password.discard();
    const option = round.options.find(({ reply }) => reply === answer.values.at(-1)?.trim());
    if (option) {
      if (answer.alwaysReply) onMenuReply({ reply: option.reply, question: menuQuestion(subject, option) });
      this.#choose(option);
    }
    return answer.values;
  }

  #choose(option: MenuOption): void {
    this.#given.other = true;
    if (isApprovedElsewhere(option)) this.#options.onApproval(option);
  }
}
