import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Serve } from '../../shared/recipes.ts';

/** The origin a page sees, the origin its app sees, and what must never cross. Pure rewriting between the two. */
export interface Sides {
  /** `https://<id>.apps.internal`, or the browser link's `http://<id>.localhost:PORT`. */
  front: URL;
  serve: Serve;
  /** The view's own host, for `{host}`. */
  viewHost: string;
  token: string;
  /** Request headers of the gateway itself, lower case. */
  dropHeaders: readonly string[];
  /** Cookies of the gateway itself. */
  dropCookies: readonly string[];
}

/** RFC 9110 section 7.6.1, and what older software sends. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/**
 * The app sees one client that speaks to its own host with its own scheme, and no proxy. Half-announced proxies upset
 * apps: with `X-Forwarded-Proto: https`, uvicorn and gunicorn change the scheme and Django's origin check then fails
 * against the rewritten Origin.
 */
const FORWARDING = /^(forwarded|x-forwarded-.*|x-real-ip|via)$/;

/** They speak about an origin and a port the app does not have. */
const NOT_FOR_THE_PAGE = new Set(['alt-svc', 'strict-transport-security', 'public-key-pins']);

export function upstreamHost(sides: Pick<Sides, 'serve' | 'viewHost'>): string {
  return sides.serve.host.replaceAll('{host}', sides.viewHost);
}

export function upstreamOrigin(sides: Pick<Sides, 'serve' | 'viewHost'>): string {
  return `${sides.serve.scheme}://${upstreamHost(sides)}`;
}

/** Names in `Connection` are hop-by-hop as well. */
function connectionNames(headers: IncomingHttpHeaders): Set<string> {
  return new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}

/** What the app is sent, in lower case; framing (`content-length`, `transfer-encoding`) is the caller's matter. */
export function requestHeaders(headers: IncomingHttpHeaders, sides: Sides): OutgoingHttpHeaders {
  const named = connectionNames(headers);
  const result: OutgoingHttpHeaders = { host: upstreamHost(sides) };
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':') || name === 'host') continue;
    if (HOP_BY_HOP.has(name) || named.has(name) || FORWARDING.test(name) || sides.dropHeaders.includes(name)) continue;
    result[name] = value;
  }
  if (headers.origin === sides.front.origin) result.origin = upstreamOrigin(sides);
  const referer = headers.referer;
  if (referer === sides.front.origin || referer?.startsWith(`${sides.front.origin}/`)) {
    result.referer = upstreamOrigin(sides) + referer.slice(sides.front.origin.length);
  }
  if (headers.cookie !== undefined) {
    const given = sides.front.protocol === 'http:' ? uncoverCookies(headers.cookie) : headers.cookie;
    const cookie = withoutCookies(given, sides.dropCookies);
    if (cookie === '') delete result.cookie;
    else result.cookie = cookie;
  }
  const { token } = sides.serve;
  if (token) {
    const name = token.header.toLowerCase();
    const value = token.value.replaceAll('{token}', sides.token);
    result[name] = name === 'cookie' && result.cookie ? `${result.cookie}; ${value}` : value;
  }
  return result;
}

function withoutCookies(header: string, names: readonly string[]): string {
  if (names.length === 0) return header;
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !names.includes(pair.split('=', 1)[0]?.trim() ?? ''))
    .join('; ');
}

/** The value of one cookie, or undefined. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** What the page is sent. `keepUpgrade` for a 101, where `Connection` and `Upgrade` are the message itself. */
export function responseHeaders(headers: IncomingHttpHeaders, sides: Sides, keepUpgrade = false): OutgoingHttpHeaders {
  const named = connectionNames(headers);
  const result: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NOT_FOR_THE_PAGE.has(name)) continue;
    const upgrade = keepUpgrade && (name === 'connection' || name === 'upgrade');
    if (!upgrade && (HOP_BY_HOP.has(name) || named.has(name))) continue;
    result[name] = value;
  }
  if (headers.location !== undefined) result.location = originRelative(headers.location, sides);
  const contentLocation = headers['content-location'];
  if (contentLocation !== undefined) result['content-location'] = originRelative(contentLocation, sides);
  if (headers['access-control-allow-origin'] === upstreamOrigin(sides)) {
    result['access-control-allow-origin'] = sides.front.origin;
  }
  const cookies = headers['set-cookie'];
  if (cookies) {
    // A cookie of the gateway set by the app would lock the page out.
    const own = cookies.filter((cookie) => !sides.dropCookies.includes(cookieNameOf(cookie.split(';', 1)[0] ?? '')));
    result['set-cookie'] = own.map((cookie) => rewriteSetCookie(cookie, sides.front));
  }
  return result;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0']);

/**
 * An absolute URL of the app itself without scheme and host; any other untouched. Every loopback name means the app:
 * seen from a page here it could mean nothing else that is reachable.
 */
export function originRelative(location: string, sides: Pick<Sides, 'front' | 'serve' | 'viewHost'>): string {
  if (!/^(https?:)?\/\//i.test(location)) return location;
  let url: URL;
  try {
    url = new URL(location, upstreamOrigin(sides));
  } catch {
    return location;
  }
  const own = [upstreamHost(sides), sides.viewHost, sides.front.host].map((host) => host.toLowerCase());
  if (!own.includes(url.host) && !own.includes(url.hostname) && !LOOPBACK.has(url.hostname)) return location;
  const path = `${url.pathname}${url.search}${url.hash}`;
  // `//x` would be another host.
  return path.startsWith('//') ? sides.front.origin + path : path;
}

/**
 * Host-only, so no `Domain`. The browser link is http, where browsers take no `Secure` cookie or none of `SameSite=None` and
 * `Partitioned` without it. None of the three means anything there: nothing of another site reaches the link. A prefix that
 * demands `Secure` is covered by one of ours, and the request uncovers it.
 */
export function rewriteSetCookie(cookie: string, front: URL): string {
  const isHttp = front.protocol === 'http:';
  const [pair = '', ...attributes] = cookie.split(';');
  const kept = attributes.filter((attribute) => {
    const [name = '', value = ''] = attribute.split('=', 2).map((part) => part.trim().toLowerCase());
    if (name === 'domain') return false;
    return !(isHttp && (name === 'secure' || name === 'partitioned' || (name === 'samesite' && value === 'none')));
  });
  const isCovered = isHttp && PREFIXED.test(cookieNameOf(pair));
  return [isCovered ? `${COVER}${pair.replace(/^[\s=]+/, '')}` : pair, ...kept].join(';');
}

const PREFIXED = /^__(host|secure)-/i;
const COVER = 'tunel';

/** Gives cookies of the browser link the names that the app gave them. */
function uncoverCookies(header: string): string {
  const uncover = (pair: string) => {
    const name = pair.trimStart();
    return name.startsWith(COVER) && PREFIXED.test(name.slice(COVER.length)) ? name.slice(COVER.length) : name;
  };
  return header.split(';').map(uncover).join('; ');
}

/** Of `name=value`; a cookie without a name is sent as its value alone, which may look like one with a name. */
const cookieNameOf = (pair: string): string =>
  pair
    .replace(/^[\s=]+/, '')
    .split('=', 1)[0]
    ?.trim() ?? '';

/** How the request's body is framed for the app: as it came, else chunked, else none. */
export function bodyFraming(headers: IncomingHttpHeaders, hasBody: boolean): OutgoingHttpHeaders {
  if (!hasBody) return {};
  const length = headers['content-length'];
  return length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length };
}

/** Whether it is a page load, and not something that a page fetches. */
export function isNavigation(headers: IncomingHttpHeaders): boolean {
  const mode = headers['sec-fetch-mode'];
  return mode === undefined ? (headers.accept ?? '').startsWith('text/html') : mode === 'navigate';
}

/** Whether an `Accept` or a `Content-Type` means server-sent events, which end when somebody leaves. */
export const isEventStream = (value: string | undefined): boolean =>
  value?.trimStart().toLowerCase().startsWith('text/event-stream') === true;

/** The path a view begins at: `path`, below `basePath` when the app has one. */
export function startPath({ path, basePath }: Pick<Serve, 'path' | 'basePath'>): string {
  const base = basePath.replace(/^\/*/, '/').replace(/\/+$/, '');
  return path === base || path.startsWith(`${base}/`) ? path : base + path;
}
