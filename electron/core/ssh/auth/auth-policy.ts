import type { AuthMethod } from '../../../shared/clusters.ts';

/** One thing to offer the server. A key's `id` is the SHA256 of its public part (or its file, when that part is unknown). */
export type Step = { kind: 'none' } | { kind: 'key'; id: string } | { kind: 'interactive' } | { kind: 'password' };

/** OpenSSH's own number of tries (NumberOfPasswordPrompts). */
export const MAX_WRONG = 3;

/** How far the sign-in of one connection has come, in the terms of RFC 4252. */
export interface SignInProgress {
  /** What was refused although the server listed its method, as `stepName`. */
  refused: ReadonlySet<string>;
  /** Steps that succeeded on this connection, with more to follow. */
  succeeded: ReadonlySet<string>;
  /** Steps that succeeded on any connection: succeeding again says nothing new. */
  passed: ReadonlySet<string>;
  /** Methods that the server says can continue; null before its first answer. */
  remainingMethods: readonly string[] | null;
  /** Typed answers that were wrong since a step succeeded for the first time. */
  wrong: number;
}

export interface SignInState extends SignInProgress {
  order: readonly AuthMethod[];
  /** Keys in the order of trying; `from` is the method they count as. */
  keys: readonly { id: string; from: 'agent' | 'key' }[];
  /** A password is at hand without asking. */
  hasPassword: boolean;
}

/** The server's answer to one step, SSH_MSG_USERAUTH_FAILURE of RFC 4252, 5.1. */
export interface StepAnswer {
  /** Null: the step never reached the server. */
  remainingMethods: readonly string[] | null;
  partialSuccess: boolean;
  /** Whether the server asked something in a keyboard-interactive step. */
  wasAsked: boolean;
  /** Whether a person typed what was refused. */
  wasTyped: boolean;
}

export const newProgress: SignInProgress = {
  refused: new Set(),
  succeeded: new Set(),
  passed: new Set(),
  remainingMethods: null,
  wrong: 0,
};

export function stepName(step: Step): string {
  return step.kind === 'key' ? `key ${step.id}` : step.kind;
}

const wireName = {
  agent: 'publickey',
  key: 'publickey',
  interactive: 'keyboard-interactive',
  password: 'password',
} as const;

/** Progress on a new connection: the server forgot what succeeded, but a refused key stays refused. */
export function progressOnNewConnection({ refused, passed, wrong }: SignInProgress): SignInProgress {
  const refusedKeys = [...refused].filter((name) => name.startsWith('key '));
  return { ...newProgress, refused: new Set(refusedKeys), passed, wrong };
}

/**
 * Progress after the answer to a step. After a partial success every method that the server lists is available again; a key
 * that was refused while its method was listed stays refused.
 */
export function progressAfter(before: SignInProgress, step: Step, answer: StepAnswer): SignInProgress {
  const remainingMethods = answer.remainingMethods ?? before.remainingMethods;
  if (step.kind === 'none') return { ...before, remainingMethods };
  const name = stepName(step);
  if (answer.partialSuccess) {
    return {
      refused: new Set([...before.refused].filter((refused) => refused.startsWith('key '))),
      succeeded: new Set([...before.succeeded, name]),
      passed: new Set([...before.passed, name]),
      remainingMethods,
      wrong: before.passed.has(name) ? before.wrong : 0,
    };
  }
  const wrong = before.wrong + (answer.wasTyped ? 1 : 0);
  const isFinal = step.kind === 'key' || (step.kind === 'interactive' && !answer.wasAsked);
  const refused = isFinal && wasJudged(step, answer) ? new Set([...before.refused, name]) : before.refused;
  return { ...before, refused, remainingMethods, wrong };
}

/** Whether the server looked at what was offered: a method that it does not list may be wanted after another one. */
export function wasJudged(step: Step, { remainingMethods }: Pick<StepAnswer, 'remainingMethods'>): boolean {
  return step.kind !== 'none' && (remainingMethods === null || remainingMethods.includes(wireName[step.kind]));
}

/** The next thing to offer, or null when nothing is left. Typed methods are offered again until `MAX_WRONG`. */
export function nextStep(state: SignInState): Step | null {
  const { remainingMethods } = state;
  for (const method of state.order) {
    if (remainingMethods && !remainingMethods.includes(wireName[method])) continue;
    const step = stepFor(method, state);
    if (!step) continue;
    // The user is asked only for what the server says it takes; that costs a round trip, once.
    const mayAsk = step.kind === 'interactive' || (step.kind === 'password' && !state.hasPassword);
    if (mayAsk && !remainingMethods) return { kind: 'none' };
    return step;
  }
  return remainingMethods ? null : { kind: 'none' };
}

function stepFor(method: AuthMethod, state: SignInState): Step | null {
  if (method === 'agent' || method === 'key') {
    const key = state.keys.find(
      ({ id, from }) => from === method && !state.refused.has(`key ${id}`) && !state.succeeded.has(`key ${id}`),
    );
    return key ? { kind: 'key', id: key.id } : null;
  }
  if (state.wrong >= MAX_WRONG || state.refused.has(method)) return null;
  return { kind: method };
}

/** What the server wants that this app cannot do, for the user. `offered`: what the server takes. */
export function unsupportedMethods(offered: readonly string[]): string | null {
  if (offered.some((method) => ['publickey', 'password', 'keyboard-interactive'].includes(method))) return null;
  if (offered.some((method) => method.startsWith('gssapi'))) return 'Kerberos (GSSAPI)';
  if (offered.includes('hostbased')) return 'host-based sign-in';
  return offered.length > 0 ? offered.join(', ') : null;
}
