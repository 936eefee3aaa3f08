import type { AuthMethod } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { type HopAddress, nameHop } from '../dial/connect-errors.ts';
import { offerOpenSsh } from '../openssh/offer.ts';
import { MAX_WRONG, unsupportedMethods } from './auth-policy.ts';

interface SignInEnd {
  user: string;
  address: HopAddress;
  methods: readonly AuthMethod[];
  /** What the server says it takes. */
  offered: readonly string[];
  /** How many keys were at hand. */
  keys: number;
  /** Chosen key files that could not be used. */
  problems: readonly AppError[];
  /** Key files with a certificate beside them. */
  certificates: readonly string[];
  wrong: number;
}

function whyNothingWorked({ keys, offered }: SignInEnd): string {
  if (keys > 0) return `none of ${keys} keys was accepted`;
  return offered.every((method) => method === 'publickey')
    ? 'no key was found'
    : 'the cluster asked for another step that Tunel could not answer';
}

/** Why nothing is left to try: `auth-failed`, `auth-unsupported` or the trouble with a chosen key. */
export function signInFailure(end: SignInEnd): AppError {
  const { offered, methods } = end;
  const who = `${end.user} cannot sign in to ${nameHop(end.address)}`;
  const detail = `The server takes: ${offered.join(', ') || 'unknown'}`;
  const unsupported = unsupportedMethods(offered);
  if (unsupported) {
    return new AppError(
      'auth-unsupported',
      message`${{ who }}: the server takes only ${{ unsupported }}, which this app cannot do.`,
      {
        hint: `Ask the administrators for a sign-in with a key or a password.${offerOpenSsh()}`,
        detail,
      },
    );
  }
  if (end.problems[0]) return end.problems[0];
  if (end.wrong >= MAX_WRONG) {
    return new AppError('auth-failed', message`${{ who }}: wrong ${{ MAX_WRONG }} times.`, {
      hint: 'Check the user name and the password. Many clusters lock an account for a while after wrong tries.',
      detail,
    });
  }
  if (end.certificates[0]) {
    const what = `the key ${end.certificates[0]} was refused without its certificate`;
    return new AppError('auth-unsupported', message`${{ who }}: ${{ what }}.`, {
      hint: `The app's own SSH cannot show certificates. Add the public key to ~/.ssh/authorized_keys there, or use a password.${offerOpenSsh()}`,
      detail,
    });
  }
  const why = whyNothingWorked(end);
  const canType = offered.some((method) => method === 'password' || method === 'keyboard-interactive');
  const mayType = methods.some((method) => method === 'password' || method === 'interactive');
  return new AppError('auth-failed', message`${{ who }}: ${{ why }}.`, {
    hint:
      canType && !mayType
        ? 'The server would take a password: allow that in the settings of this cluster.'
        : 'Add your public key to ~/.ssh/authorized_keys there, or choose another key file. Check the user name too.',
    detail,
  });
}
