import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { printable } from '../dial/connect-errors.ts';

export interface MasterEnd {
  /** As the shell has it: 127 without a program, 255 for ssh's own failures. */
  code: number | null;
  /** The last that ssh printed. */
  said: string;
  host: string;
  /** A host key was accepted, so that the server was reached. */
  wasReached: boolean;
}

type Known = [pattern: RegExp, code: ErrorCode, hint: string];

/** ssh has one exit code for all of its failures; its texts are not translated. */
const known: readonly Known[] = [
  [
    /Bad configuration option|terminating, \d+ bad configuration|Unsupported option/,
    'bad-input',
    'Mend ~/.ssh/config where it names a line. OpenSSH 8.5 or later is needed: see ssh -V.',
  ],
  [
    /no matching [\w ]+ found/,
    'auth-unsupported',
    "This computer's OpenSSH is too old for that server, or too new: update it, or ask the administrators.",
  ],
  [
    /revoked by file|REVOKED HOST KEY|Error checking host key/,
    'host-key-revoked',
    'Do not connect; ask the administrators which key is right.',
  ],
  [
    /Permission denied \(|Too many authentication failures/,
    'auth-failed',
    'Check the user name, and what signs you in: keys, certificate, ticket (klist) or password.',
  ],
  [
    /Could not resolve hostname|not known/,
    'host-unknown',
    'Check the spelling of the host, and that you are online or on the VPN.',
  ],
  [/Connection refused/, 'connection-refused', 'Check the port; if it is right, the SSH service there is down.'],
  [/timed? ?out/i, 'timeout', 'Check the host and the port, and whether you need the VPN or a jump host.'],
  [/No route to host|unreachable/, 'host-unknown', 'Check your network, and whether you need the VPN or a jump host.'],
  [/administratively prohibited/, 'forwarding-denied', 'Ask the administrators whether the jump host may be used so.'],
];

/** Why a master ended before it was signed in. */
export function masterFailure({ code, said, host, wasReached }: MasterEnd): AppError {
  const detail = printable(said).trim().slice(-2000);
  if (code === 127) {
    return new AppError('command-missing', 'There is no ssh program on this computer.', {
      hint: 'Install OpenSSH (package openssh-client), or connect without it.',
      detail,
    });
  }
  const why = lastLine(detail) || 'it did not say why';
  const [, errorCode, hint] = known.find(([pattern]) => pattern.test(detail)) ?? [
    null,
    'connection-lost' as const,
    wasReached
      ? 'Try again; if it happens each time, ask the administrators whether your account may sign in.'
      : undefined,
  ];
  return new AppError(errorCode, message`OpenSSH cannot sign in to ${{ host }}: ${{ why }}.`, { hint, detail });
}

export function lastLine(text: string): string {
  return printable(text).trim().split('\n').at(-1)?.trim().replace(/\.$/, '') ?? '';
}
