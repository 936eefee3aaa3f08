/** Waits before each further try of a page, ms: 30 s in all, longer than a new engine needs to serve its views again. */
const delays = [100, 300, 600, 1000, 2000, 4000, 7000, 15_000];

/**
 * What passes by itself: a gateway that is being restarted, with another port, and Chromium dropping what it does whenever
 * a network interface of this computer comes or goes, although the gateway is on the loopback.
 */
const passing = new Set([
  'ERR_PROXY_CONNECTION_FAILED',
  'ERR_TUNNEL_CONNECTION_FAILED',
  'ERR_CONNECTION_REFUSED',
  'ERR_CONNECTION_RESET',
  'ERR_CONNECTION_CLOSED',
  'ERR_CONNECTION_ABORTED',
  'ERR_INTERNET_DISCONNECTED',
  'ERR_ADDRESS_UNREACHABLE',
  'ERR_NETWORK_CHANGED',
  'ERR_NETWORK_IO_SUSPENDED',
  'ERR_HTTP2_PING_FAILED',
  'ERR_HTTP2_SERVER_REFUSED_STREAM',
]);

interface FailedLoad {
  /** Chromium's `ERR_...`. */
  description: string;
  /** What the page was asked for with: a form is not sent twice without the user. */
  method: string;
  /** Tries made by itself since the page last loaded. */
  tries: number;
}

/** Whether a page that did not load is tried again by itself, and after how long (ms), or the failure is shown. */
export function afterFailedLoad(load: FailedLoad): { kind: 'retry'; delay: number } | { kind: 'show' } {
  const delay = load.method === 'GET' && passing.has(load.description) ? delays[load.tries] : undefined;
  return delay === undefined ? { kind: 'show' } : { kind: 'retry', delay };
}
