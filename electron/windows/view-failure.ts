/** -3: the load was replaced by another, e.g. by a download. */
export function isFailure(code: number): boolean {
  return code !== -3 && code !== 0;
}

/** Descriptions of Chromium's `ERR_...`. */
export function describeFailedLoad(description: string): string {
  const known: Record<string, string> = {
    ERR_PROXY_CONNECTION_FAILED: 'Tunel’s own gateway does not answer. It restarts by itself; reload in a moment.',
    ERR_TUNNEL_CONNECTION_FAILED: 'Tunel’s own gateway does not know this app yet. Reload in a moment.',
    ERR_CERT_AUTHORITY_INVALID: 'What answered did not have the key of Tunel’s gateway, so nothing was sent to it.',
    ERR_EMPTY_RESPONSE: 'The app closed the connection without an answer. Look at its log, then reload.',
    ERR_BLOCKED_BY_CLIENT: 'The address is not part of this app.',
  };
  return known[description] ?? `The page did not load (${description}). Reload to try again.`;
}

/** Why a page's process ended. */
export function describeGone(reason: string): string {
  if (reason === 'oom')
    return 'The page ran out of memory on this computer and was ended. The app keeps running; reload.';
  if (reason === 'killed') return 'The page’s process was ended from outside. The app keeps running; reload.';
  return `The page’s process ended (${reason}). The app keeps running; reload.`;
}
