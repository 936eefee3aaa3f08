import type { AnyAuthMethod, Prompt as SshPrompt } from 'ssh2';
import type { AuthMethod } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Logger, Secrets } from '../../deps.ts';
import type { AuthFailure } from '../client/ssh2-internals.ts';
import type { HopAddress } from '../dial/connect-errors.ts';
import { AccountPassword } from './account-password.ts';
import type { ApprovalNotice } from './approval-notice.ts';
import type { Ask } from './ask.ts';
import { signInFailure } from './auth-errors.ts';
import {
  newProgress,
  nextStep,
  progressAfter,
  progressOnNewConnection,
  type SignInState,
  type Step,
  wasJudged,
} from './auth-policy.ts';
import { Conversation } from './conversation.ts';
import type { LoadedKeys } from './keys.ts';
import { loadKeys } from './load-keys.ts';
import { type GivenFactors, type RememberedReply, readRound } from './prompt-policy.ts';
import { RememberedSecrets } from './remembered-secrets.ts';
import { passwordAccount, type SessionMemory } from './session-memory.ts';

interface SignInOptions {
  user: string;
  address: HopAddress;
  methods: readonly AuthMethod[];
  /** Files the user chose; empty: `usualKeys`. */
  keyFiles: string[];
  usualKeys: string[];
  /** Offer these files' keys alone, also of those that the agent holds. */
  identitiesOnly: boolean;
  agentSocket: string | undefined;
  menuReply: RememberedReply;
  secrets: Secrets;
  memory: SessionMemory;
  logger: Logger;
  ask: Ask;
  /**
   * Nobody asked for this sign-in, as after a lost connection: only what signed in before is offered, and after one refusal
   * only what the user types then.
   */
  isAutomatic: boolean;
  /** The user wants this reply given always. */
  onMenuReply?(remembered: RememberedReply): void;
  /** Shown while the server waits for another device. */
  notice: Pick<ApprovalNotice, 'show' | 'sent' | 'end'>;
}

const nothingGiven: GivenFactors = { password: false, other: false };

/**
 * One sign-in to one hop. It outlives the connection it began on: when the server hangs up after too many tries, the next
 * connection goes on with what was not tried yet.
 */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #account: string;
  readonly #remembered: RememberedSecrets;
  readonly #password: AccountPassword;
  #progress = newProgress;
  #keys: LoadedKeys = { identities: [], problems: [], selectors: [], certificates: [] };
  #last: Step | null = null;
  #failures = 0;
  #totalFailures = 0;
  #given = nothingGiven;
  #titles: string[] = [];
  #menuReplied = false;
  readonly #timesAsked = new Map<string, number>();
  #conversation: Conversation | null = null;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#remembered = new RememberedSecrets(options.secrets, options.memory, options.logger);
    this.#account = passwordAccount(options.user, options.address.host, options.address.port);
    this.#password = new AccountPassword({
      account: this.#account,
      remembered: this.#remembered,
      ask: (question) => {
        this.#throwKeyProblem();
        return options.ask(question);
      },
    });
  }

  /** Loads keys and the remembered password; asks nothing. */
  async prepare(): Promise<void> {
    this.#keys = await loadKeys(this.#options, (file, open) => this.#remembered.unlock(file, open, this.#options.ask));
    await this.#password.load();
  }

  /** Whether a connection that the server ended now is worth another: something was refused on it and more can be tried. */
  get canGoOn(): boolean {
    return !this.#options.isAutomatic && this.#failures > 0 && nextStep(this.#state()) !== null;
  }

  /** Whether the server refused something. */
  get wasRefused(): boolean {
    return this.#totalFailures > 0;
  }

  /** What was offered and not answered yet. */
  get pending(): Step | null {
    return this.#last;
  }

  /** How it went, for the user: `a key`, `a password`, `a password and a code`. */
  get how(): string {
    const titles = this.#last ? [...this.#titles, this.#titleOf(this.#last)] : this.#titles;
    return titles.join(' and ') || 'no password';
  }

  /** For one new connection. `failed` takes the server's refusals, `next` gives the next thing to offer. */
  begin(fail: (error: AppError) => void): { failed(failure: AuthFailure): void; next(): Promise<AnyAuthMethod> } {
    this.#progress = progressOnNewConnection(this.#progress);
    this.#password.restart();
    this.#given = nothingGiven;
    this.#titles = [];
    this.#failures = 0;
    this.#last = null;
    let failure: AuthFailure | null = null;
    return {
      failed(latest) {
        failure = latest;
      },
      next: () => {
        const latest = failure;
        failure = null;
        // Without an answer of the server the step never reached it, e.g. an agent that would not sign.
        if (this.#last) this.#onAnswer(this.#last, latest?.methods ?? null, latest?.partial ?? false);
        return this.#next(fail);
      },
    };
  }

  /** Signed in: keeps what can be used again. A keychain that does not take it is not a reason to fail. */
  async succeeded(): Promise<void> {
    this.#options.notice.end();
    const keys = [...this.#progress.succeeded].filter((name) => name.startsWith('key '));
    if (this.#last?.kind === 'key') keys.push(`key ${this.#last.id}`);
    this.#options.memory.acceptedKeys.set(this.#account, new Set(keys.map((name) => name.slice('key '.length))));
    await this.#password.keep();
  }

  #state(): SignInState {
    return {
      ...this.#progress,
      order: this.#options.methods,
      keys: this.#offeredKeys(),
      hasPassword: this.#password.isAtHand,
    };
  }

  #offeredKeys(): LoadedKeys['identities'] {
    const { identities } = this.#keys;
    if (!this.#options.isAutomatic) return identities;
    if (this.#totalFailures > 0) return [];
    const accepted = this.#options.memory.acceptedKeys.get(this.#account);
    return accepted ? identities.filter((key) => accepted.has(key.id)) : identities;
  }

  #onAnswer(step: Step, remainingMethods: readonly string[] | null, partialSuccess: boolean): void {
    this.#options.notice.end();
    this.#last = null;
    const conversation = step.kind === 'interactive' ? this.#conversation : null;
    const wasTyped = conversation ? conversation.wasTyped : step.kind === 'password' && this.#wasPasswordTyped;
    this.#progress = progressAfter(this.#progress, step, {
      remainingMethods,
      partialSuccess,
      wasAsked: conversation?.wasAsked ?? false,
      wasTyped,
    });
    if (step.kind === 'none') return;
    if (partialSuccess) this.#onPartialSuccess(step, conversation);
    else this.#onRefusal(step, remainingMethods, conversation);
  }

  #onPartialSuccess(step: Step, conversation: Conversation | null): void {
    this.#titles.push(this.#titleOf(step));
    if (conversation) this.#given = conversation.given;
    else if (step.kind === 'password') this.#given = { ...this.#given, password: true };
    else this.#given = { ...this.#given, other: true };
    if (this.#given.password) this.#password.accept();
  }

  #onRefusal(step: Step, remainingMethods: readonly string[] | null, conversation: Conversation | null): void {
    if (conversation && !conversation.wasAsked) return;
    this.#failures++;
    this.#totalFailures++;
    const isPasswordSuspect = conversation ? conversation.isPasswordSuspect : step.kind === 'password';
    if (isPasswordSuspect && wasJudged(step, { remainingMethods })) this.#password.forget();
    if (this.#options.isAutomatic) this.#password.requireTyping();
  }

  async #next(fail: (error: AppError) => void): Promise<AnyAuthMethod> {
    const step = nextStep(this.#state());
    if (!step) throw this.#failure();
    const username = this.#options.user;
    this.#last = step;
    switch (step.kind) {
      case 'none':
        return { type: 'none', username };
      case 'key': {
        const identity = this.#keys.identities.find((key) => key.id === step.id);
        if (!identity) throw new AppError('internal', message`No key ${{ id: step.id }}.`);
        return { type: 'agent', username, agent: identity.agent };
      }
      case 'password':
        return { type: 'password', username, password: await this.#givePassword() };
      case 'interactive': {
        const conversation = this.#newConversation();
        this.#conversation = conversation;
        return {
          type: 'keyboard-interactive',
          username,
          prompt: (name, instructions, _language, prompts, finish) => {
            this.#options.notice.end();
            conversation.answer(readRound(name, instructions, prompts as SshPrompt[])).then(
              (answers) => {
                finish(answers);
                this.#options.notice.sent();
              },
              (error: unknown) => fail(AppError.from(error)),
            );
          },
        };
      }
    }
  }

  #wasPasswordTyped = false;

  async #givePassword(): Promise<string> {
    const { value, wasTyped } = await this.#password.give({
      subject: this.#subject,
      instructions: '',
      wrong: this.#progress.wrong,
      // After another password the server may mean a code, whatever the method is called.
      isDoubtful: this.#given.password,
    });
    this.#wasPasswordTyped = wasTyped;
    return value;
  }

  #newConversation(): Conversation {
    const { ask, isAutomatic, memory, menuReply } = this.#options;
    return new Conversation({
      subject: this.#subject,
      password: this.#password,
      given: this.#given,
      wrong: this.#progress.wrong,
      timesAsked: this.#timesAsked,
      ask,
      beforeAsking: () => this.#throwKeyProblem(),
      takeMenuReply: () => {
        const remembered = memory.menuReply ?? menuReply;
        // Unasked it would send a request to a phone that nobody expects.
        if (isAutomatic || this.#menuReplied || remembered.reply === '') return null;
        this.#menuReplied = true;
        return remembered;
      },
      onMenuReply: (remembered) => {
        memory.menuReply = remembered;
        this.#options.onMenuReply?.(remembered);
      },
      onApproval: (option) => this.#options.notice.show(option.label),
    });
  }

  get #subject(): string {
    return `${this.#options.user}@${this.#options.address.host}`;
  }

  #titleOf(step: Step): string {
    if (step.kind === 'interactive') return this.#conversation?.title ?? 'a code';
    return { none: 'no password', key: 'a key', password: 'a password' }[step.kind];
  }

  /** A key file that the user chose and that cannot be used is reported before the user is asked to type instead. */
  #throwKeyProblem(): void {
    const problem = this.#keys.problems[0];
    if (problem) throw problem;
  }

  #failure(): AppError {
    const { user, address, methods } = this.#options;
    return signInFailure({
      user,
      address,
      methods,
      offered: this.#progress.remainingMethods ?? [],
      keys: this.#keys.identities.length,
      problems: this.#keys.problems,
      certificates: this.#keys.certificates,
      wrong: this.#progress.wrong,
    });
  }
}
