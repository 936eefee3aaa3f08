import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { AppChannel } from './app-channel.ts';
import { requestHeaders, responseHeaders, type Sides } from './headers.ts';
import type { SignIn } from './sign-in.ts';

/** One app behind the gateway. */
export interface ProxiedApp {
  readonly channel: AppChannel;
  /** null: the app has no `serve.login`. */
  readonly signIn: SignIn | null;
}

/** With the cookies that sign the view in, where the gateway did that. */
export function requestHeadersTo(
  { signIn }: ProxiedApp,
  request: { headers: IncomingHttpHeaders; url?: string },
  sides: Sides,
): OutgoingHttpHeaders {
  const headers = requestHeaders(request.headers, sides);
  if (!signIn) return headers;
  const { cookie, ...others } = headers;
  const signed = signIn.cookieHeader(typeof cookie === 'string' ? cookie : undefined, request.url ?? '/');
  return signed === '' ? others : { ...others, cookie: signed };
}

/** Without the cookies that sign the view in. `path`: what was asked for. */
export function responseHeadersFrom(
  { signIn }: ProxiedApp,
  answer: IncomingMessage,
  path: string,
  sides: Sides,
  keepUpgrade = false,
): OutgoingHttpHeaders {
  return responseHeaders(signIn?.absorb(answer.headers, path) ?? answer.headers, sides, keepUpgrade);
}
