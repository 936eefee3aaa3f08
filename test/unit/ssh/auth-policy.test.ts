import { describe, expect, test } from 'vitest';
import {
  asksForPassword,
  findOptions,
  nextStep,
  type SignInState,
  splitPrompt,
  unsupportedMethods,
} from '../../../electron/core/ssh/auth/auth-policy.ts';

const state = (change: Partial<SignInState> = {}): SignInState => ({
  order: ['agent', 'key', 'interactive', 'password'],
  keys: [
    { id: 'A', from: 'agent' },
    { id: 'F', from: 'key' },
  ],
  refused: new Set(),
  taken: new Set(),
  allowed: null,
  hasPassword: false,
  wrong: 0,
  ...change,
});
const all = ['publickey', 'keyboard-interactive', 'password'];

describe('what is offered next', () => {
  test('keys first, in order, each once', () => {
    expect(nextStep(state())).toEqual({ kind: 'key', id: 'A' });
    expect(nextStep(state({ refused: new Set(['key A']), allowed: all }))).toEqual({ kind: 'key', id: 'F' });
    expect(nextStep(state({ refused: new Set(['key A', 'key F']), allowed: all }))).toEqual({ kind: 'interactive' });
  });

  test('a key in the agent and in a file is tried once', () => {
    const keys = [
      { id: 'A', from: 'agent' },
      { id: 'A', from: 'key' },
    ] as const;
    expect(nextStep(state({ keys, refused: new Set(['key A']), allowed: ['publickey'] }))).toBeNull();
  });

  test('after a key was taken, what the server still wants', () => {
    const taken = new Set(['key A']);
    expect(nextStep(state({ taken, allowed: ['keyboard-interactive'] }))).toEqual({ kind: 'interactive' });
    expect(nextStep(state({ taken, allowed: ['publickey'] }))).toEqual({ kind: 'key', id: 'F' });
  });

  test('the user is asked for a password only when the server takes one', () => {
    const order = ['password'] as const;
    expect(nextStep(state({ order }))).toEqual({ kind: 'none' });
    expect(nextStep(state({ order, hasPassword: true }))).toEqual({ kind: 'password' });
    expect(nextStep(state({ order, allowed: ['publickey'] }))).toBeNull();
    expect(nextStep(state({ order, allowed: all }))).toEqual({ kind: 'password' });
  });

  test('three wrong answers are enough, for all typed methods together', () => {
    const refused = new Set(['key A', 'key F']);
    expect(nextStep(state({ refused, allowed: all, wrong: 2 }))).toEqual({ kind: 'interactive' });
    expect(nextStep(state({ refused, allowed: all, wrong: 3 }))).toBeNull();
  });

  test('without keys the server is asked what it takes', () => {
    expect(nextStep(state({ order: ['key'], keys: [] }))).toEqual({ kind: 'none' });
    expect(nextStep(state({ order: ['key'], keys: [], allowed: all }))).toBeNull();
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
