import { printable } from '../dial/connect-errors.ts';

/** One round of keyboard-interactive as it is shown: SSH_MSG_USERAUTH_INFO_REQUEST of RFC 4256, 3.2. */
export interface Round {
  name: string;
  instructions: string;
  fields: { text: string; echo: boolean }[];
  /** Options of a menu; empty unless the last field is a menu's. */
  options: MenuOption[];
}

export interface MenuOption {
  reply: string;
  label: string;
}

/** What was given on this connection before a round. */
export interface GivenFactors {
  /** The account's password, by whatever method. */
  password: boolean;
  /** Anything else: a key, a code, an option of a menu. */
  other: boolean;
}

/**
 * What a round asks for.
 * `password`: the account's password. `doubtful-password`: it may be a one-time code as well. `password-again`: the one given
 * a moment ago was wrong. `menu`: a choice. `questions`: anything else, such as a code.
 */
export type RoundKind = 'password' | 'doubtful-password' | 'password-again' | 'menu' | 'questions';

export function readRound(
  name: string,
  instructions: string,
  prompts: readonly { prompt: string; echo?: boolean }[],
): Round {
  const parts = prompts.map(({ prompt }) => splitPrompt(prompt));
  const said = [printable(instructions).trim(), ...parts.map((part) => part.said)].filter(Boolean).join('\n');
  const fields = parts.map((part, index) => ({ text: part.question, echo: prompts[index]?.echo === true }));
  const last = fields.at(-1);
  // What is typed unseen is a secret, and numbered lines before it are instructions.
  const options = last?.echo ? findOptions([said, ...fields.map((field) => field.text)].join('\n')) : [];
  return { name: printable(name).trim(), instructions: said, fields, options };
}

export function classifyRound(round: Round, given: GivenFactors): RoundKind {
  const only = round.fields.length === 1 ? round.fields[0] : undefined;
  if (only && !only.echo && asksForPassword(only.text)) {
    if (given.password) return saysWrong(round.instructions) ? 'password-again' : 'questions';
    return given.other || mentionsCode(round.instructions) ? 'doubtful-password' : 'password';
  }
  return only && round.options.length > 0 ? 'menu' : 'questions';
}

/** Whether a field asks for the account's password, rather than a one-time code. */
export function asksForPassword(text: string): boolean {
  const plain = text.toLowerCase();
  return /password|passwort|mot de passe|contrase/.test(plain) && !mentionsCode(plain) && !/new|again/.test(plain);
}

/** Whether the server has the user choose another password, as after one that has expired. */
export function asksForNewPassword(round: Round): boolean {
  return round.fields.some(({ text, echo }) => !echo && /new.*(password|passwort)/i.test(text));
}

function mentionsCode(text: string): boolean {
  return /one[- ]?time|otp|token|code|verif|duo/i.test(text);
}

function saysWrong(text: string): boolean {
  return /incorrect|denied|wrong|fail|try again|invalid|not valid/i.test(text);
}

/** sshd puts all that a PAM module says into the prompt: the last line is the question, what stands before it instructs. */
export function splitPrompt(text: string): { said: string; question: string } {
  const lines = printable(text).trim().split('\n');
  return { question: lines.pop()?.trim() ?? '', said: lines.join('\n').trim() };
}

/** Options that a menu lists: `1. Duo Push to ...`, `2) Text message`, `[3] Phone call`. */
export function findOptions(menu: string): MenuOption[] {
  const options: MenuOption[] = [];
  for (const line of printable(menu).split('\n')) {
    const match = /^\s*(?:\[(\w{1,3})\]|\((\w{1,3})\)|(\d{1,2})[.):])\s+(\S.*)$/s.exec(line.trim());
    const reply = match?.[1] ?? match?.[2] ?? match?.[3];
    if (reply && match?.[4] && !options.some((option) => option.reply === reply)) {
      options.push({ reply, label: match[4] });
    }
  }
  return options;
}

/** A reply that the user asked to give always. `question`: what it answers, by `menuQuestion`; empty: any menu. */
export interface RememberedReply {
  reply: string;
  question: string;
}

/** Names one option of one hop's menu. `subject`: `user@host`. */
export function menuQuestion(subject: string, { reply, label }: MenuOption): string {
  return `${subject}: ${reply}. ${label}`.slice(0, 1000);
}

/** The option that a remembered reply chooses here, or null where the menu is not the one that it was given to. */
export function rememberedOption(round: Round, subject: string, remembered: RememberedReply): MenuOption | null {
  const option = round.options.find(({ reply }) => reply === remembered.reply);
  if (!option) return null;
  return remembered.question === '' || remembered.question === menuQuestion(subject, option) ? option : null;
}

/** Whether an option is answered on another device, so that the server is silent until the user approves there. */
export function isApprovedElsewhere(option: MenuOption): boolean {
  return /push|call|phone|approve/i.test(option.label) && !/sms|text|passcode/i.test(option.label);
}
