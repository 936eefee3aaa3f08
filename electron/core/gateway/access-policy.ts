import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may pass. Pure: every input is in the arguments, nothing upstream is touched before the verdict. */
export type Verdict = { allow: true } | { allow: false; status: number; message: string };

export const DOMAIN = 'apps.internal';
/** What the gateway answers itself, on every instance's origin, for its own pages. */
export const OWN_PREFIX = '/.tunel-gateway/';

const ALLOW: Verdict = { allow: true };
const refuse = (message: string, status = 403): Verdict => ({ allow: false, status, message });

/** RFC 1035 label: the id becomes a host name. */
export function isHostLabel(id: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(id);
}

/** Compares in a time that reveals nothing about where they differ, nor about the length. */
export function sameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** The id a CONNECT asks for, or null when it is not exactly `<id>.apps.internal:443`. */
export function connectTarget(authority: string | undefined): string | null {
  const match = /^([a-z0-9-]+)\.apps\.internal:443$/.exec(authority ?? '');
  const id = match?.[1];
  return id !== undefined && isHostLabel(id) ? id : null;
}

interface ViewRequest {
  method: string;
  url: string;
  /** HTTP/2 `:authority`. */
  authority: string | undefined;
  host: string | undefined;
  /** The name in the TLS handshake. */
  servername: string | false | null | undefined;
  secret: unknown;
  /** `Sec-Fetch-Site`. */
  fetchSite: string | undefined;
}

/** A request inside the TLS of a view: it must carry the partition's secret and name this instance everywhere. */
export function judgeViewRequest(request: ViewRequest, expected: { host: string; secret: string }): Verdict {
  if (!sameSecret(request.secret, expected.secret)) return refuse('This address belongs to a window of Tunel.');
  if (request.servername !== expected.host) return refuse('The TLS name is not that of this app.');
  const names = [request.authority, request.host].filter((name) => name !== undefined);
  if (names.length === 0 || names.some((name) => name.replace(/:443$/, '') !== expected.host)) {
    return refuse('The host is not that of this app.');
  }
  // All apps share one site. `cross-site` stays allowed: an app's own sandboxed frames are that.
  if (request.fetchSite === 'same-site') return refuse('Another app may not send to this one.');
  return judgeForm(request);
}

interface BrowserRequest {
  method: string;
  url: string;
  host: string | undefined;
  /** Value of the gateway's cookie. */
  cookie: unknown;
  origin: string | undefined;
  fetchSite: string | undefined;
  upgrade: boolean;
}

/**
 * A request of the user's own browser. Host exact: DNS rebinding. Cookies ignore ports, so a page on another port of the
 * same name counts as same-site and sends the cookie: `Origin` and `Sec-Fetch-Site` distinguish it.
 */
export function judgeBrowserRequest(request: BrowserRequest, expected: { host: string; cookie: string }): Verdict {
  if (request.host !== expected.host) return refuse('The host is not that of this app.');
  if (!sameSecret(request.cookie, expected.cookie)) {
    return refuse('Open this app again from Tunel: the link works once, and only in the browser it was opened in.');
  }
  const own = `http://${expected.host}`;
  const changes = request.upgrade || !(request.method === 'GET' || request.method === 'HEAD');
  if (request.upgrade && request.origin !== own) return refuse('Another page may not open a WebSocket to this app.');
  if (changes && request.origin !== undefined && request.origin !== own) {
    return refuse('Another page may not send to this app.');
  }
  const site = request.fetchSite;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse('Another page may not use this app.');
  }
  return judgeForm(request);
}

function judgeForm({ method, url }: { method: string; url: string }): Verdict {
  if (!url.startsWith('/')) return refuse('Only paths of this app.');
  // TRACE would echo the app's token to the page.
  if (method === 'TRACE' || method === 'TRACK' || method === 'CONNECT')
    return refuse('This method is not served.', 405);
  return ALLOW;
}
