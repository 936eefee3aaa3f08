import type { IncomingHttpHeaders } from 'node:http';
import { isNavigation } from './headers.ts';

/** How long a request waits for the tunnel, ms. */
export const HOLD = 90_000;

const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** May be sent a second time when its channel died before a byte of the answer (RFC 9110 section 9.2.2). */
export function isRepeatable(method: string, hasBody: boolean): boolean {
  return !hasBody && REPEATABLE.has(method);
}

/** A page load sees the waiting page at once; all else, a form's POST too, is held until the tunnel is back. */
export function seesWaitingPage(method: string, headers: IncomingHttpHeaders): boolean {
  return (method === 'GET' || method === 'HEAD') && isNavigation(headers);
}
