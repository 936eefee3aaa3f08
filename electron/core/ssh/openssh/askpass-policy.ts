import { findOptions, type Round, readRound } from '../auth/prompt-policy.ts';
import { printable } from '../dial/connect-errors.ts';

/** What ssh asks its askpass program, by the texts of OpenSSH, which are not translated. */
export type AskpassQuestion =
  | { kind: 'password'; user: string; host: string }
  | { kind: 'passphrase'; file: string }
  /** A question of the server's. */
  | { kind: 'round'; user: string; host: string; text: string }
  | { kind: 'confirm'; text: string }
  /** Nothing to answer: it is shown until ssh goes on. */
  | { kind: 'touch'; text: string }
  /** E.g. the PIN of a security key or of a smart card. */
  | { kind: 'other'; text: string };

export function parseAskpass(text: string, hint: string): AskpassQuestion {
  if (hint === 'none') return { kind: 'touch', text: printable(text).trim() };
  if (hint === 'confirm') return { kind: 'confirm', text: printable(text).trim() };
  const passphrase = /^Enter passphrase for (?:key )?'?(.+?)'?: $/.exec(text);
  if (passphrase?.[1]) return { kind: 'passphrase', file: passphrase[1] };
  // A user's name may hold an @, a host's may not.
  const round = /^\(([^()]*)@([^@()\s]+)\) (.*)$/s.exec(text);
  if (round?.[1] && round[2]) return { kind: 'round', user: round[1], host: round[2], text: round[3] ?? '' };
  const password = /^(.+)@([^@\s]+)'s password: $/.exec(text);
  if (password?.[1] && password[2]) return { kind: 'password', user: password[1], host: password[2] };
  return { kind: 'other', text: printable(text).trim() };
}

/** A server's question as keyboard-interactive has it. ssh does not pass on whether it may be shown: only a menu's is. */
export function roundOf(text: string, instructions: string): Round {
  const isMenu = findOptions(`${instructions}\n${text}`).length > 0;
  return readRound('', instructions, [{ prompt: text, echo: isMenu }]);
}
