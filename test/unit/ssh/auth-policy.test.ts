import { describe, expect, test } from 'vitest';
import {
  newProgress,
  nextStep,
  progressAfter,
  progressOnNewConnection,
  type SignInProgress,
  type SignInState,
  type Step,
  unsupportedMethods,
} from '../../../electron/core/ssh/auth/auth-policy.ts';
import {
  asksForPassword,
  classifyRound,
  findOptions,
  isApprovedElsewhere,
  menuQuestion,
  readRound,
  rememberedOption,
  splitPrompt,
} from '../../../electron/core/ssh/auth/prompt-policy.ts';

const state = (change: Partial<SignInState> = {}): SignInState => ({
  order: ['agent', 'key', 'interactive', 'password'],
  keys: [
    { id: 'A', from: 'agent' },
    { id: 'F', from: 'key' },
  ],
  refused: new Set(),
  succeeded: new Set(),
  passed: new Set(),
  remainingMethods: null,
  hasPassword: false,
  wrong: 0,
  ...change,
});
const all = ['publickey', 'keyboard-interactive', 'password'];

describe('what is offered next', () => {
  test('keys first, in order, each once', () => {
    expect(nextStep(state())).toEqual({ kind: 'key', id: 'A' });
    expect(nextStep(state({ refused: new Set(['key A']), remainingMethods: all }))).toEqual({ kind: 'key', id: 'F' });
    expect(nextStep(state({ refused: new Set(['key A', 'key F']), remainingMethods: all }))).toEqual({
      kind: 'interactive',
    });
  });

  test('a key in the agent and in a file is tried once', () => {
    const keys = [
      { id: 'A', from: 'agent' },
      { id: 'A', from: 'key' },
    ] as const;
    expect(nextStep(state({ keys, refused: new Set(['key A']), remainingMethods: ['publickey'] }))).toBeNull();
  });

  test('after a key was taken, what the server still wants', () => {
    const succeeded = new Set(['key A']);
    expect(nextStep(state({ succeeded, remainingMethods: ['keyboard-interactive'] }))).toEqual({ kind: 'interactive' });
    expect(nextStep(state({ succeeded, remainingMethods: ['publickey'] }))).toEqual({ kind: 'key', id: 'F' });
  });

  test('the user is asked for a password only when the server takes one', () => {
    const order = ['password'] as const;
    expect(nextStep(state({ order }))).toEqual({ kind: 'none' });
    expect(nextStep(state({ order, hasPassword: true }))).toEqual({ kind: 'password' });
    expect(nextStep(state({ order, remainingMethods: ['publickey'] }))).toBeNull();
    expect(nextStep(state({ order, remainingMethods: all }))).toEqual({ kind: 'password' });
  });

  test('three wrong answers are enough, for all typed methods together', () => {
    const refused = new Set(['key A', 'key F']);
    expect(nextStep(state({ refused, remainingMethods: all, wrong: 2 }))).toEqual({ kind: 'interactive' });
    expect(nextStep(state({ refused, remainingMethods: all, wrong: 3 }))).toBeNull();
  });

  test('without keys the server is asked what it takes', () => {
    expect(nextStep(state({ order: ['key'], keys: [] }))).toEqual({ kind: 'none' });
    expect(nextStep(state({ order: ['key'], keys: [], remainingMethods: all }))).toBeNull();
  });
});

describe('what an answer changes', () => {
  const answer = (remainingMethods: string[] | null, partialSuccess = false) => ({
    remainingMethods,
    partialSuccess,
    wasAsked: false,
    wasTyped: false,
  });
  const key: Step = { kind: 'key', id: 'A' };
  const interactive: Step = { kind: 'interactive' };
  const next = (progress: SignInProgress) => nextStep(state({ ...progress }));

  test('a method that the server did not list was not judged, and is offered when it is listed', () => {
    const first = progressAfter(newProgress, key, answer(['password']));
    expect(next(first)).toEqual({ kind: 'password' });
    const second = progressAfter(first, { kind: 'password' }, answer(['publickey'], true));
    expect(next(second)).toEqual(key);
  });

  test('after a partial success every listed method is available again', () => {
    const refused = progressAfter(newProgress, interactive, answer(['password', 'keyboard-interactive']));
    expect(nextStep(state({ ...refused, order: ['interactive', 'password'] }))).toEqual({ kind: 'password' });
    const after = progressAfter(refused, { kind: 'password' }, answer(['keyboard-interactive'], true));
    expect(next(after)).toEqual(interactive);
    // The same method twice, as sshd allows it for different devices.
    const twice = progressAfter(after, interactive, answer(['keyboard-interactive'], true));
    expect(next(twice)).toEqual(interactive);
  });

  test('a key that was judged stays refused, and one that succeeded is not offered twice', () => {
    const refused = progressAfter(newProgress, key, answer(all));
    const after = progressAfter(refused, { kind: 'password' }, answer(['publickey'], true));
    expect(next(after)).toEqual({ kind: 'key', id: 'F' });
    expect(next(progressAfter(after, { kind: 'key', id: 'F' }, answer(['publickey'], true)))).toBeNull();
  });

  test('a new connection begins at the first factor again, without the refused keys', () => {
    const refused = progressAfter(newProgress, key, answer(all));
    const after = progressAfter(refused, { kind: 'key', id: 'F' }, answer(['keyboard-interactive'], true));
    expect(progressOnNewConnection(after)).toEqual({
      ...newProgress,
      refused: new Set(['key A']),
      passed: new Set(['key F']),
    });
  });

  test('wrong answers count on over the connections of a server that hangs up, whose first factor succeeds each time', () => {
    const wrong = { ...answer(['password']), wasTyped: true };
    let progress: SignInProgress = newProgress;
    for (let connection = 0; connection < 3; connection++) {
      progress = progressAfter(progressOnNewConnection(progress), key, answer(['password'], true));
      progress = progressAfter(progress, { kind: 'password' }, wrong);
    }
    expect(progress.wrong).toBe(3);
    expect(nextStep(state({ ...progress, order: ['password'] }))).toBeNull();
  });

  test('three wrong answers count from the last success', () => {
    const wrong = { ...answer(['password']), wasTyped: true };
    let progress: SignInProgress = newProgress;
    for (let count = 0; count < 3; count++) progress = progressAfter(progress, { kind: 'password' }, wrong);
    expect(next(progress)).toBeNull();
    expect(progressAfter(progress, { kind: 'password' }, answer(['keyboard-interactive'], true)).wrong).toBe(0);
  });
});

describe('what a round asks for', () => {
  const none = { password: false, other: false };
  const ask = (prompt: string, echo = false, instructions = '') => readRound('', instructions, [{ prompt, echo }]);
  const numbered = `To use this system:

1) Without an ssh key, type your site password at the password prompt
2) At the Token prompt, type the 6-digit code and press return.

`;

  test('numbered instructions before a password are no menu, wherever they stand', () => {
    for (const round of [ask('Password: ', false, numbered), ask(`${numbered}Password: `)]) {
      expect(round.options).toEqual([]);
      expect(classifyRound(round, none)).toBe('doubtful-password');
      expect(round.instructions).toContain('type your site password');
      expect(rememberedOption(round, 'ada@login', { reply: '1', question: '' })).toBeNull();
    }
    expect(classifyRound(ask('Token Code:'), { password: true, other: false })).toBe('questions');
    expect(ask('Choose (1-2): ', false, '1. Push\n2. Text').options).toEqual([]);
  });

  test('the first password is the account’s; after one it is a code, after another factor it may be', () => {
    expect(classifyRound(ask('Password: '), none)).toBe('password');
    expect(classifyRound(ask('Password: '), { password: true, other: false })).toBe('questions');
    expect(classifyRound(ask('Password: '), { password: false, other: true })).toBe('doubtful-password');
    expect(classifyRound(ask('Sorry, try again.\nPassword: '), { password: true, other: false })).toBe(
      'password-again',
    );
  });

  test('a remembered reply is for the same question of the same hop only', () => {
    const menu = ask('Passcode or option (1-2): ', true, ' 1. Push to XXX-1234\n 2. Text message');
    expect(classifyRound(menu, none)).toBe('menu');
    const push = { reply: '1', label: 'Push to XXX-1234' };
    const remembered = { reply: '1', question: menuQuestion('ada@login', push) };
    expect(rememberedOption(menu, 'ada@login', remembered)).toEqual(push);
    expect(rememberedOption(menu, 'ada@bastion', remembered)).toBeNull();
    const other = ask('Project: ', true, ' 1. astro\n 2. bio');
    expect(rememberedOption(other, 'ada@login', remembered)).toBeNull();
    expect(rememberedOption(menu, 'ada@login', { reply: '3', question: '' })).toBeNull();
    expect(rememberedOption(menu, 'ada@login', { reply: '1', question: '' })).toEqual(push);
  });

  test('a push and a call are approved elsewhere, a text message is not', () => {
    const labels = ['Duo Push to XXX-XXX-1234', 'Phone call to XXX-XXX-1234', 'SMS passcodes to XXX', 'Text message'];
    expect(labels.map((label) => isApprovedElsewhere({ reply: '1', label }))).toEqual([true, true, false, false]);
  });
});

describe('words of servers', () => {
  test.each([
    ['Password: ', true],
    ['(ada@login) Password: ', true],
    ["ada@login's password:", true],
    ['One-time password (OATH) for `ada`: ', false],
    ['Verification code: ', false],
    ['Enter your new password: ', false],
    ['Passcode or option (1-3): ', false],
    ['Password + OTP token: ', false],
  ])('%s asks for the account’s password: %s', (text, expected) => {
    expect(asksForPassword(text)).toBe(expected);
  });

  test('options of menus', () => {
    expect(
      findOptions(`Duo two-factor login for ada

Enter a passcode or select one of the following options:

 1. Duo Push to XXX-XXX-1234
 2. Phone call to XXX-XXX-1234
 3. SMS passcodes to XXX-XXX-1234 (next code starts with: 1)

Passcode or option (1-3): `),
    ).toEqual([
      { reply: '1', label: 'Duo Push to XXX-XXX-1234' },
      { reply: '2', label: 'Phone call to XXX-XXX-1234' },
      { reply: '3', label: 'SMS passcodes to XXX-XXX-1234 (next code starts with: 1)' },
    ]);
    expect(findOptions('[1] Push\n[2] Text\n(p) Phone\n4) Token')).toHaveLength(4);
    expect(findOptions('Your quota is 3.5 of 10 GB.\nPassword:')).toEqual([]);
  });

  test('the question is the last line; control characters go', () => {
    expect(splitPrompt('\u001b[31mWelcome\u001b[0m\r\n\u0007Code: ')).toEqual({ said: 'Welcome', question: 'Code:' });
  });

  test('methods that cannot be done are named', () => {
    expect(unsupportedMethods(['gssapi-with-mic', 'gssapi-keyex'])).toBe('Kerberos (GSSAPI)');
    expect(unsupportedMethods(['publickey', 'gssapi-with-mic'])).toBeNull();
    expect(unsupportedMethods([])).toBeNull();
  });
});
