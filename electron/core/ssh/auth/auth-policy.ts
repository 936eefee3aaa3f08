import type { AuthMethod } from '../../../shared/clusters.ts';
import { printable } from '../dial/connect-errors.ts';

/** One thing to offer the server. A key's `id` is the SHA256 of its public part (or its file, when that part is unknown). */
export type Step = { kind: 'none' } | { kind: 'key'; id: string } | { kind: 'interactive' } | { kind: 'password' };

/** OpenSSH's own number of tries (NumberOfPasswordPrompts). */
export const MAX_WRONG = 3;

export interface SignInState {
  order: readonly AuthMethod[];
  /** Keys in the order of trying; `from` is the method they count as. */
  keys: readonly { id: string; from: 'agent' | 'key' }[];
  /** Steps that the server refused, as `stepName`. */
  refused: ReadonlySet<string>;
  /** Steps that it took on this connection, with more to follow. */
  taken: ReadonlySet<string>;
  /** Methods that the server says can continue; null before its first answer. */
  allowed: readonly string[] | null;
  /** A password is at hand without asking. */
  hasPassword: boolean;
  /** Typed answers that were wrong. */
  wrong: number;
}

export function stepName(step: Step): string {
  return step.kind === 'key' ? `key ${step.id}` : step.kind;
}

const wireName = {
  agent: 'publickey',
  key: 'publickey',
  interactive: 'keyboard-interactive',
  password: 'password',
} as const;

/** The next thing to offer, or null when nothing is left. Typed methods are offered again until `MAX_WRONG`. */
export function nextStep(state: SignInState): Step | null {
  for (const method of state.order) {
    if (state.allowed && !state.allowed.includes(wireName[method])) continue;
    const step = stepFor(method, state);
    if (!step) continue;
    // The user is asked for a password only when the server says that it takes one; that costs a round trip, once.
    if (step.kind === 'password' && !state.allowed && !state.hasPassword) return { kind: 'none' };
    return step;
  }
  return state.allowed ? null : { kind: 'none' };
}

function stepFor(method: AuthMethod, state: SignInState): Step | null {
  if (method === 'agent' || method === 'key') {
    const key = state.keys.find(
      ({ id, from }) => from === method && !state.refused.has(`key ${id}`) && !state.taken.has(`key ${id}`),
    );
    return key ? { kind: 'key', id: key.id } : null;
  }
  if (state.wrong >= MAX_WRONG || state.refused.has(method) || state.taken.has(method)) return null;
  return { kind: method };
}

/** Whether a field asks for the account's password, rather than a one-time code. */
export function asksForPassword(text: string): boolean {
  const plain = text.toLowerCase();
  return (
    /password|passwort|mot de passe|contrase/.test(plain) &&
    !/one[- ]?time|otp|token|code|verif|new|again|duo/.test(plain)
  );
}

/** sshd puts all that a PAM module says into the prompt: the last line is the question, what stands before it instructs. */
export function splitPrompt(text: string): { said: string; question: string } {
  const lines = printable(text).trim().split('\n');
  return { question: lines.pop()?.trim() ?? '', said: lines.join('\n').trim() };
}

/** Options that a menu lists: `1. Duo Push to ...`, `2) Text message`, `[3] Phone call`. */
export function findOptions(menu: string): { reply: string; label: string }[] {
  const options: { reply: string; label: string }[] = [];
  for (const line of printable(menu).split('\n')) {
    const match = /^\s*(?:\[(\w{1,3})\]|\((\w{1,3})\)|(\d{1,2})[.):])\s+(\S.*)$/s.exec(line.trim());
    const reply = match?.[1] ?? match?.[2] ?? match?.[3];
    if (reply && match?.[4] && !options.some((option) => option.reply === reply)) {
      options.push({ reply, label: match[4] });
    }
  }
  return options;
}

/** What the server wants that this app cannot do, for the user. `offered`: what the server takes. */
export function unsupportedMethods(offered: readonly string[]): string | null {
  if (offered.some((method) => ['publickey', 'password', 'keyboard-interactive'].includes(method))) return null;
  if (offered.some((method) => method.startsWith('gssapi'))) return 'Kerberos (GSSAPI)';
  if (offered.includes('hostbased')) return 'host-based sign-in';
  return offered.length > 0 ? offered.join(', ') : null;
}
