/** One request in a view's session. */
interface ViewRequest {
  url: string;
  /** Host of the view that the requesting page belongs to; undefined for a worker without a page. */
  ownerHost: string | undefined;
  /** `Sec-Fetch-Site`, where Chromium has set it. */
  fetchSite?: string | undefined;
}

/**
 * The host whose secret a request gets, or null where it must not leave at all. Running apps of one recipe share a session:
 * a page reaches its own only.
 */
export function hostFor(request: ViewRequest, hosts: ReadonlySet<string>): string | null {
  if (!URL.canParse(request.url)) return null;
  const { protocol, host } = new URL(request.url);
  if (protocol !== 'https:' && protocol !== 'wss:') return null;
  if (!hosts.has(host)) return null;
  if (request.ownerHost !== undefined) return request.ownerHost === host ? host : null;
  return request.fetchSite === 'same-site' || request.fetchSite === 'cross-site' ? null : host;
}

/** What never leaves this process. */
export function isLocal(url: string): boolean {
  return /^(data|blob|about|devtools|chrome-extension):/.test(url);
}
