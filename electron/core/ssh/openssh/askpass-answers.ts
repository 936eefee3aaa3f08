import type { Cluster } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Logger, Secrets } from '../../deps.ts';
import { AccountPassword } from '../auth/account-password.ts';
import type { Ask } from '../auth/ask.ts';
import {
  classifyRound,
  type GivenFactors,
  menuQuestion,
  type RememberedReply,
  type Round,
  rememberedOption,
} from '../auth/prompt-policy.ts';
import { RememberedSecrets } from '../auth/remembered-secrets.ts';
import { passwordAccount, type SessionMemory } from '../auth/session-memory.ts';
import { printable } from '../dial/connect-errors.ts';
import { parseAskpass, roundOf } from './askpass-policy.ts';
import { KeyPassphrases } from './key-passphrases.ts';
import { findHop, type MasterHop } from './master-hops.ts';

interface AskpassAnswersOptions {
  cluster: Cluster;
  secrets: Secrets;
  memory: SessionMemory;
  logger: Logger;
  ask(hop: MasterHop): Ask;
  /** Shows what needs no answer until the signal fires; rejects with `cancelled` when the user closes it. */
  showNotice(hop: MasterHop, subject: string, text: string, signal: AbortSignal): Promise<void>;
  onCancel(error: AppError): void;
  onMenuReply?(remembered: RememberedReply): void;
  /** Nobody asked for this sign-in: a kept menu reply could call a phone that nobody expects. */
  isAutomatic: boolean;
}

interface AskpassRequest {
  text: string;
  hint: string;
  /** The ssh process that asks. */
  asker: string;
  /** What ssh printed since the last question. */
  said: string;
}

interface Account {
  password: AccountPassword;
  given: GivenFactors;
  rounds: number;
  wrong: number;
  isLoaded: boolean;
}

/** Answers what ssh asks its askpass program, during one sign-in. */
export class AskpassAnswers {
  readonly #options: AskpassAnswersOptions;
  readonly #accounts = new Map<string, Account>();
  readonly #passphrases: KeyPassphrases;
  #notice: AbortController | null = null;
  #menuReplied = false;
  #wasSecretGiven = false;

  constructor(options: AskpassAnswersOptions) {
    this.#options = options;
    this.#passphrases = new KeyPassphrases(options.memory, options.secrets);
  }

  /** Whether a server was given something that it may have refused. */
  get wasSecretGiven(): boolean {
    return this.#wasSecretGiven;
  }

  /** Rejects with `cancelled`. */
  async answer({ text, hint, asker, said }: AskpassRequest): Promise<string[] | null> {
    this.endNotice();
    const question = parseAskpass(text, hint);
    switch (question.kind) {
      case 'touch':
        this.#showNotice(question.text);
        return [];
      case 'confirm':
        return (await this.#confirm(question.text)) ? ['yes'] : null;
      case 'passphrase':
        return [await this.#passphrases.give(question.file, asker, this.#options.ask(this.#login))];
      case 'password': {
        const hop = findHop(this.#options.cluster, question.host, question.user);
        this.#wasSecretGiven = true;
        return [await this.#givePassword(hop, said, await this.#accountOf(hop), false)];
      }
      case 'round': {
        const hop = findHop(this.#options.cluster, question.host, question.user);
        return [await this.#giveRound(hop, roundOf(question.text, said))];
      }
      case 'other':
        return [await this.#typed(this.#login, roundOf(question.text, said), 0)];
    }
  }

  endNotice(): void {
    this.#notice?.abort();
    this.#notice = null;
  }

  /** Signed in: keeps what can be used again. */
  async succeeded(): Promise<void> {
    this.endNotice();
    await this.#passphrases.keep();
    for (const { password } of this.#accounts.values()) await password.keep();
  }

  /** The server did not let the user in: a password from the keychain is not given again. */
  failed(): void {
    this.endNotice();
    for (const { password, given } of this.#accounts.values()) if (given.password) password.forget();
  }

  get #login(): MasterHop {
    const { host, port, user } = this.#options.cluster;
    return { host, port, user, jump: false };
  }

  async #giveRound(hop: MasterHop, round: Round): Promise<string> {
    const account = await this.#accountOf(hop);
    const kind = classifyRound(round, account.given);
    this.#wasSecretGiven = true;
    if (kind === 'menu' || kind === 'questions') {
      // What follows the password is another factor.
      if (account.given.password) account.password.accept();
      account.given = { ...account.given, other: true };
      return this.#typed(hop, round, account.rounds++);
    }
    return this.#givePassword(hop, round.instructions, account, kind === 'doubtful-password');
  }

  async #givePassword(hop: MasterHop, said: string, account: Account, isDoubtful: boolean): Promise<string> {
    if (account.given.password) {
      account.password.forget();
      account.wrong++;
    }
    account.given = { ...account.given, password: true };
    const subject = `${hop.user}@${hop.host}`;
    const { wrong } = account;
    const { value } = await account.password.give({ subject, instructions: said, wrong, isDoubtful });
    return value;
  }

  async #typed(hop: MasterHop, round: Round, index: number): Promise<string> {
    const { cluster, isAutomatic, onMenuReply } = this.#options;
    const subject = `${hop.user}@${hop.host}`;
    const always = { reply: cluster.menuReply, question: cluster.menuQuestion };
    const isKept = cluster.menuReply !== '' && !isAutomatic && !this.#menuReplied;
    const known = isKept ? rememberedOption(round, subject, always) : null;
    if (known) {
      this.#menuReplied = true;
      return known.reply;
    }
    const answer = await this.#options.ask(hop)({ kind: 'interactive', subject, ...round, round: index, wrong: 0 });
    if (answer.kind !== 'interactive') throw new AppError('cancelled', 'Sign-in cancelled.');
    const option = round.options.find(({ reply }) => reply === answer.alwaysReply);
    if (option) onMenuReply?.({ reply: option.reply, question: menuQuestion(subject, option) });
    return answer.values[0] ?? '';
  }

  async #confirm(text: string): Promise<boolean> {
    const options = [
      { reply: 'yes', label: 'Yes' },
      { reply: 'no', label: 'No' },
    ];
    const subject = `${this.#login.user}@${this.#login.host}`;
    const fields = [{ text, echo: true }];
    const ask = this.#options.ask(this.#login);
    const answer = await ask({
      kind: 'interactive',
      subject,
      name: '',
      instructions: '',
      fields,
      options,
      round: 0,
      wrong: 0,
    });
    return answer.kind === 'interactive' && /^y(es)?$/i.test(answer.values[0] ?? '');
  }

  #showNotice(text: string): void {
    const { showNotice, onCancel } = this.#options;
    const notice = new AbortController();
    this.#notice = notice;
    const subject = `${this.#login.user}@${this.#login.host}`;
    showNotice(this.#login, subject, printable(text), notice.signal).catch((error: unknown) => {
      const reason = AppError.from(error);
      // Where nobody can be shown it, the key may still be touched.
      if (!notice.signal.aborted && reason.code === 'cancelled') onCancel(reason);
    });
  }

  async #accountOf(hop: MasterHop): Promise<Account> {
    const { secrets, memory, logger, ask } = this.#options;
    const name = passwordAccount(hop.user, hop.host, hop.port);
    let account = this.#accounts.get(name);
    if (!account) {
      const remembered = new RememberedSecrets(secrets, memory, logger);
      const password = new AccountPassword({ account: name, remembered, ask: ask(hop) });
      account = { password, given: { password: false, other: false }, rounds: 0, wrong: 0, isLoaded: false };
      this.#accounts.set(name, account);
    }
    if (!account.isLoaded) await account.password.load();
    account.isLoaded = true;
    return account;
  }
}
