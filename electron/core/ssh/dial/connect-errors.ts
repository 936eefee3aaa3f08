import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { offerOpenSsh } from '../openssh/offer.ts';

/** The address of one hop of a connection; `jump`: others come behind it. */
export interface HopAddress {
  host: string;
  port: number;
  jump: boolean;
}

/** `host:port`, with brackets round an IPv6 address. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `jump host a:22` or `a:22`. */
export function nameHop(address: HopAddress): string {
  return `${address.jump ? 'jump host ' : ''}${formatAddress(address.host, address.port)}`;
}

/** The system's code of a failed connect, also of the several tries behind an AggregateError. */
export function systemCode(error: unknown): string {
  if (error instanceof AggregateError) return systemCode(error.errors[0]);
  if (typeof error !== 'object' || error === null) return '';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : '';
}

function nativeText(error: unknown): string {
  if (error instanceof AggregateError) return nativeText(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

type Known = [code: ErrorCode, why: string, hint: string];

const systemErrors: Record<string, Known> = {
  ENOTFOUND: [
    'host-unknown',
    'no such host name',
    'Check the spelling of the host, and that you are online or on the VPN.',
  ],
  EAI_AGAIN: ['host-unknown', 'host names cannot be looked up now', 'Check your network, VPN or DNS, then try again.'],
  ECONNREFUSED: [
    'connection-refused',
    'nothing answers on that port',
    'Check the port; if it is right, the SSH service there is down or a firewall rejects you.',
  ],
  ETIMEDOUT: ['timeout', 'no answer', 'Check the host and the port, and whether you need the VPN or a jump host.'],
  EHOSTUNREACH: [
    'host-unknown',
    'no route to that host',
    'Check your network, and whether you need the VPN or a jump host.',
  ],
  ENETUNREACH: ['host-unknown', 'no network', 'Check that you are online, and whether you need the VPN.'],
  EHOSTDOWN: ['host-unknown', 'the host is down', 'Try again later, or use another login node.'],
  ECONNRESET: [
    'connection-lost',
    'the connection was cut',
    'Try again; if it happens each time, a firewall or the server refuses your address.',
  ],
  EPIPE: ['connection-lost', 'the connection was cut', 'Try again.'],
};

/** A TCP connect that failed. */
export function connectError(error: unknown, address: HopAddress): AppError {
  const known = systemErrors[systemCode(error)];
  if (known) {
    const [code, why, hint] = known;
    return new AppError(code, message`Cannot reach ${{ hop: nameHop(address) }}: ${{ why }}.`, {
      hint,
      detail: nativeText(error),
      cause: error,
    });
  }
  return new AppError(
    'connection-lost',
    message`Cannot reach ${{ hop: nameHop(address) }}: ${{ nativeMessage: nativeText(error) }}.`,
    {
      hint: 'Check the host, the port and your network.',
      cause: error,
    },
  );
}

/** The channel through the previous hop did not open. */
export function jumpError(error: AppError, address: HopAddress, through: string): AppError {
  const target = formatAddress(address.host, address.port);
  const [code, why, hint] = jumpCause(error, through);
  return new AppError(code, message`${{ through }} cannot reach ${{ target }}: ${{ why }}.`, {
    hint,
    detail: error.detail,
    cause: error,
  });
}

/** sshd's text says more than its reason code, where it gives one. */
function jumpCause(error: AppError, through: string): [code: ErrorCode, why: string, hint: string | undefined] {
  const detail = error.detail ?? '';
  if (error.code === 'forwarding-denied') {
    const hint = `Ask the administrators of ${through} whether it can be used as a jump host.`;
    return ['forwarding-denied', 'it does not allow forwarding', hint];
  }
  if (error.code !== 'channel-refused') return [error.code, error.message.replace(/\.$/, ''), error.hint];
  const check = 'Check the name and port as seen from the jump host.';
  if (/not known|resolve|no address|name resolution/i.test(detail))
    return ['host-unknown', 'it does not know that name', check];
  if (/refused/i.test(detail)) return ['connection-refused', 'nothing answers on that port', check];
  if (/timed out/i.test(detail)) return ['timeout', 'no answer', check];
  if (/no route|unreachable/i.test(detail)) return ['host-unknown', 'no route to that host', check];
  return ['channel-refused', 'that host or port does not answer there', check];
}

export function silentError(
  address: HopAddress,
  seconds: number,
  what: 'connect' | 'banner' | 'handshake' | 'sign-in',
): AppError {
  const name = nameHop(address);
  const [message, hint] = {
    connect: [
      `Cannot reach ${name}: no answer in ${seconds} s.`,
      'Check the host and the port, and whether you need the VPN or a jump host.',
    ],
    banner: [
      `${name} accepted the connection but said nothing in ${seconds} s.`,
      'Check the port: an SSH server greets at once. It may also be overloaded.',
    ],
    handshake: [`${name} stopped answering while the connection was set up.`, 'Try again in a moment.'],
    'sign-in': [`${name} did not answer the sign-in in ${seconds} s.`, 'Try again; the server may be overloaded.'],
  }[what] as [string, string];
  return new AppError('timeout', message, { hint });
}

/** `greeting`: the first bytes that the server sent. */
export function notSshError(address: HopAddress, greeting: string): AppError {
  const first = printable(greeting).split('\n')[0]?.slice(0, 80) ?? '';
  // What sshd sends to a client that it holds off: PerSourcePenalties and MaxStartups.
  if (/^(Not allowed at this time|Exceeded MaxStartups)/.test(first)) {
    return new AppError(
      'connection-refused',
      message`${{ hop: nameHop(address) }} lets you in only later: "${{ first }}".`,
      {
        hint: 'Servers hold off an address for a while after failed sign-ins or at rush hours. Wait a minute, then try again.',
        detail: first,
      },
    );
  }
  const what = first ? `it answered "${first}"` : 'it closed the connection without a greeting';
  return new AppError('not-ssh', message`${{ hop: nameHop(address) }} is not an SSH server: ${{ what }}.`, {
    hint: 'Check the port; SSH is usually on 22. If it is right, the server may be refusing your address.',
    detail: first,
  });
}

const algorithmNames: Record<string, string> = {
  'kex exchange': 'key exchange',
  'host key format': 'host key',
  'c->s cipher': 'cipher',
  's->c cipher': 'cipher',
};

/** What ssh2 reports between the TCP connect and the end of sign-in. */
export function handshakeError(error: unknown, address: HopAddress, greeting: string): AppError {
  const text = nativeText(error);
  const name = nameHop(address);
  if (/before handshake|identification string|expected newline|greeting lines|Header line/.test(text)) {
    return notSshError(address, greeting);
  }
  const mismatch = /no matching (.+?)(?: algorithm)?$/.exec(text);
  if (mismatch) {
    const kind = mismatch[1] ?? '';
    return new AppError(
      'auth-unsupported',
      message`${{ name }} and this app share no ${algorithmNames[kind] ?? kind} method.`,
      {
        hint: `The server is very old or very strict; ask its administrators which SSH clients they support.${offerOpenSsh()}`,
        detail: text,
        cause: error,
      },
    );
  }
  if (/too many authentication failures/i.test(text)) {
    return new AppError('auth-failed', message`${{ name }} ended the sign-in: too many tries.`, {
      hint: 'Choose one key file for this cluster, or fewer sign-in methods.',
      detail: text,
      cause: error,
    });
  }
  const system = systemErrors[systemCode(error)];
  return new AppError('connection-lost', message`${{ name }} ended the connection: ${system?.[1] ?? text}.`, {
    hint: system?.[2] ?? 'Try again; if it happens each time, the server refuses your address or account.',
    detail: text,
    cause: error,
  });
}

/** Control characters and escape sequences of a server's text removed; newlines and tabs kept. */
export function printable(text: string): string {
  return (
    text
      .replaceAll('\r\n', '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
      .replace(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
  );
}
