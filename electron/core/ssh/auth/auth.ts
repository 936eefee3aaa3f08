import type { AnyAuthMethod, Prompt as SshPrompt } from 'ssh2';
import type { AuthMethod } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Logger, Secrets } from '../../deps.ts';
import type { AuthFailure } from '../client/ssh2-internals.ts';
import { type HopAddress, printable } from '../dial/connect-errors.ts';
import type { Ask } from './ask.ts';
import { signInFailure } from './auth-errors.ts';
import {
  asksForPassword,
  findOptions,
  nextStep,
  type SignInState,
  type Step,
  splitPrompt,
  stepName,
} from './auth-policy.ts';
import { agentIdentities, fileIdentities, type LoadedKeys } from './keys.ts';
import { RememberedSecrets } from './remembered-secrets.ts';
import { passwordAccount, type SessionMemory } from './session-memory.ts';

interface SignInOptions {
  user: string;
  address: HopAddress;
  methods: readonly AuthMethod[];
  /** Files the user chose; empty: `usualKeys`. */
  keyFiles: string[];
  usualKeys: string[];
  agentSocket: string | undefined;
  menuReply: string;
  secrets: Secrets;
  memory: SessionMemory;
  logger: Logger;
  ask: Ask;
  /** The user wants this reply given always. */
  onMenuReply?(reply: string): void;
}

/** A password on its way: kept only once the server has taken it. */
interface Typed {
  password: string;
  remember: boolean;
}

/**
 * One sign-in to one hop. It outlives the connection it began on: when the server hangs up after too many tries, the next
 * connection goes on with what was not tried yet.
 */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #account: string;
  readonly #remembered: RememberedSecrets;
  readonly #refused = new Set<string>();
  #taken = new Set<string>();
  #allowed: readonly string[] | null = null;
  #keys: LoadedKeys = { identities: [], problems: [], certificates: [] };
  #wrong = 0;
  #stored: string | null = null;
  #typed: Typed | null = null;
  #usedStored = false;
  #last: Step | null = null;
  #failures = 0;
  #menuReplied = false;
  #asked = new Map<string, number>();
  #talk = newTalk();

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#remembered = new RememberedSecrets(options.secrets, options.memory, options.logger);
    this.#account = passwordAccount(options.user, options.address.host, options.address.port);
  }

  /** Loads keys and the remembered password; asks nothing. */
  async prepare(): Promise<void> {
    const { methods, keyFiles, usualKeys, agentSocket, logger, ask } = this.#options;
    const chosen = keyFiles.length > 0;
    if (methods.includes('key')) {
      this.#keys = await fileIdentities(chosen ? keyFiles : usualKeys, chosen, (file, open) =>
        this.#remembered.unlock(file, open, ask),
      );
    }
    if (methods.includes('agent') && agentSocket) {
      const found = await agentIdentities(agentSocket, (why) => logger.warn('The SSH agent does not answer', { why }));
      const mine = new Set(this.#keys.identities.map((key) => key.id));
      // The chosen files' keys first: servers hang up after some six tries.
      found.sort((a, b) => Number(mine.has(b.id)) - Number(mine.has(a.id)));
      this.#keys.identities.unshift(...found);
    }
    this.#stored = await this.#remembered.password(this.#account);
  }

  /** Whether a connection that the server ended now is worth another: something was refused on it and more can be tried. */
  get canGoOn(): boolean {
    return this.#failures > 0 && nextStep(this.#state()) !== null;
  }

  /** How it went, for the user: `a key`, `a password`, `a password and a code`. */
  get how(): string {
    const names = [...this.#taken].map((name) => name.split(' ')[0] ?? '');
    if (this.#last) names.push(this.#last.kind);
    const { rounds, endedOnPassword } = this.#talk;
    const interactive = endedOnPassword ? 'a password' : rounds > 1 ? 'a password and a code' : 'a code';
    const titles = new Map([
      ['key', 'a key'],
      ['password', 'a password'],
      ['interactive', interactive],
    ]);
    return names.map((name) => titles.get(name) ?? name).join(' and ') || 'no password';
  }

  /** For one new connection. `failed` takes the server's refusals, `next` gives the next thing to offer. */
  begin(fail: (error: AppError) => void): { failed(failure: AuthFailure): void; next(): Promise<AnyAuthMethod> } {
    this.#taken = new Set();
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
        if (this.#last) this.#outcome(latest?.methods ?? this.#allowed, latest?.partial ?? false);
        return this.#next(fail);
      },
    };
  }

  /** Signed in: keeps what was typed. A keychain that does not take it is not a reason to fail. */
  async succeeded(): Promise<void> {
    const typed = this.#typed;
    if (typed) await this.#remembered.keepPassword(this.#account, typed.password, typed.remember);
  }

  #state(): SignInState {
    return {
      order: this.#options.methods,
      keys: this.#keys.identities,
      refused: this.#refused,
      taken: this.#taken,
      allowed: this.#allowed,
      hasPassword: this.#stored !== null,
      wrong: this.#wrong,
    };
  }

  #outcome(methods: readonly string[] | null, partial: boolean): void {
    this.#allowed = methods;
    const step = this.#last;
    this.#last = null;
    if (!step || step.kind === 'none') return;
    if (partial) {
      this.#taken.add(stepName(step));
      return;
    }
    this.#failures++;
    if (step.kind === 'key') {
      this.#refused.add(stepName(step));
      return;
    }
    const talk = this.#talk;
    if (step.kind === 'interactive' && talk.rounds === 0) {
      this.#refused.add(stepName(step));
      return;
    }
    // A later round may have been wrong instead; a password that failed twice is asked again.
    if (step.kind === 'password' || talk.endedOnPassword || talk.reused) this.#forgetPassword();
    if (step.kind === 'password' ? !this.#usedStored : talk.typed) this.#wrong++;
  }

  /** The password was wrong: the stored one would only be refused again. */
  #forgetPassword(): void {
    if (this.#usedStored) {
      this.#remembered.forgetPassword(this.#account);
      this.#stored = null;
    }
    this.#typed = null;
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
        return { type: 'password', username, password: await this.#password() };
      case 'interactive':
        this.#talk = newTalk();
        return {
          type: 'keyboard-interactive',
          username,
          prompt: (name, instructions, _language, prompts, finish) => {
            this.#answers(name, instructions, prompts).then(finish, (error: unknown) => fail(AppError.from(error)));
          },
        };
    }
  }

  /** The stored password once, then the user's. */
  async #password(): Promise<string> {
    this.#usedStored = this.#stored !== null;
    if (this.#stored !== null) return this.#stored;
    if (this.#typed) return this.#typed.password;
    this.#throwKeyProblem();
    const { user, address, ask } = this.#options;
    const answer = await ask({
      kind: 'secret',
      secret: 'password',
      subject: `${user}@${address.host}`,
      wrong: this.#wrong,
      canRemember: true,
    });
    if (answer.kind !== 'secret') throw new AppError('cancelled', 'Sign-in cancelled.');
    this.#typed = { password: answer.value, remember: answer.remember };
    return answer.value;
  }

  async #answers(name: string, instructions: string, prompts: SshPrompt[]): Promise<string[]> {
    const talk = this.#talk;
    talk.rounds++;
    const parts = prompts.map(({ prompt }) => splitPrompt(prompt));
    const said = [printable(instructions).trim(), ...parts.map((part) => part.said)].filter(Boolean).join('\n');
    const fields = parts.map((part, index) => ({ text: part.question, echo: prompts[index]?.echo === true }));
    const options = findOptions([said, ...fields.map((field) => field.text)].join('\n'));
    const only = fields.length === 1 ? fields[0] : undefined;

    talk.endedOnPassword = false;
    if (only && !only.echo && !said && options.length === 0 && asksForPassword(only.text)) {
      talk.endedOnPassword = true;
      // Asked again in one conversation: the first one was wrong.
      if (talk.gave) this.#forgetPassword();
      talk.gave = true;
      talk.reused = this.#stored !== null || this.#typed !== null;
      const password = await this.#password();
      if (!talk.reused) talk.typed = true;
      return [password];
    }
    const menuReply = this.#options.memory.menuReply || this.#options.menuReply;
    if (only && options.length > 0 && menuReply && !this.#menuReplied) {
      this.#menuReplied = true;
      return [menuReply];
    }
    this.#throwKeyProblem();
    const { user, address, ask } = this.#options;
    const key = fields.map((field) => field.text).join('\n');
    const before = this.#asked.get(key) ?? 0;
    this.#asked.set(key, before + 1);
    talk.typed = true;
    const answer = await ask({
      kind: 'interactive',
      subject: `${user}@${address.host}`,
      name: printable(name).trim(),
      instructions: said,
      fields,
      options,
      round: talk.rounds,
      wrong: before,
    });
    if (answer.kind !== 'interactive') throw new AppError('cancelled', 'Sign-in cancelled.');
    if (answer.alwaysReply) {
      this.#options.memory.menuReply = answer.alwaysReply;
      this.#options.onMenuReply?.(answer.alwaysReply);
    }
    return answer.values;
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
      offered: this.#allowed ?? [],
      keys: this.#keys.identities.length,
      problems: this.#keys.problems,
      certificates: this.#keys.certificates,
      wrong: this.#wrong,
    });
  }
}

/** One keyboard-interactive conversation. */
function newTalk() {
  return { rounds: 0, typed: false, endedOnPassword: false, gave: false, reused: false };
}
