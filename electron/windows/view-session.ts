import { createHash } from 'node:crypto';
import { type Session, session } from 'electron';
import type { ViewAccess } from '../shared/contract/instances.ts';
import { hostFor, isLocal } from './view-request-policy.ts';

/** The same for every running app of one recipe on one account: what the page keeps is there the next time. */
export function partitionFor(clusterId: string, user: string, recipe: string): string {
  const hash = createHash('sha256').update(JSON.stringify([clusterId, user, recipe]));
  return `persist:view-${hash.digest('hex').slice(0, 32)}`;
}

/** A session of views: its only way out is the gateway, which it trusts by its pinned key alone. */
export class ViewSession {
  readonly session: Session;
  readonly #access = new Map<string, ViewAccess>();
  readonly #ownerHost: (webContentsId: number) => string | undefined;
  /** Web contents id -> method, where the page was not simply asked for. */
  readonly #methods = new Map<number, string>();
  #proxyPort = 0;

  /** `ownerHost`: which view the contents of a page belong to. */
  constructor(partition: string, ownerHost: (webContentsId: number) => string | undefined) {
    this.session = session.fromPartition(partition);
    this.#ownerHost = ownerHost;
    this.#guard();
  }

  /** Lets a view's host in, with the access of now: after a restart of the engine all of it is new. */
  async admit(access: ViewAccess): Promise<void> {
    this.#access.set(access.host, access);
    if (this.#proxyPort === access.proxyPort) return;
    const moved = this.#proxyPort !== 0;
    this.#proxyPort = access.proxyPort;
    await this.session.setProxy({
      mode: 'fixed_servers',
      proxyRules: `http://127.0.0.1:${access.proxyPort}`,
      // Without it Chromium goes past the proxy to this computer's own ports.
      proxyBypassRules: '<-loopback>',
    });
    if (moved) await this.session.closeAllConnections();
  }

  dismiss(host: string): void {
    this.#access.delete(host);
  }

  /** What the page in these contents was last asked for with: `GET`, or `POST` for a form. */
  methodOf(webContentsId: number): string {
    return this.#methods.get(webContentsId) ?? 'GET';
  }

  #guard(): void {
    const { webRequest } = this.session;
    this.session.setCertificateVerifyProc((request, callback) => {
      const expected = this.#access.get(request.hostname)?.certificateFingerprint;
      // 0: trusted; -2: refused.
      callback(expected !== undefined && request.certificate.fingerprint === expected ? 0 : -2);
    });
    webRequest.onBeforeRequest(({ url, webContentsId, resourceType, method }, callback) => {
      if (webContentsId !== undefined && resourceType === 'mainFrame') {
        if (method === 'GET') this.#methods.delete(webContentsId);
        else this.#methods.set(webContentsId, method);
      }
      callback({ cancel: !isLocal(url) && this.#host(url, webContentsId) === null });
    });
    webRequest.onBeforeSendHeaders(({ url, webContentsId, requestHeaders }, callback) => {
      const host = this.#host(url, webContentsId, requestHeaders['Sec-Fetch-Site']);
      const access = host === null ? undefined : this.#access.get(host);
      if (!access) return callback(isLocal(url) ? {} : { cancel: true });
      const { name, value } = access.secretHeader;
      callback({ requestHeaders: { ...requestHeaders, [name]: value } });
    });
  }

  #host(url: string, webContentsId: number | undefined, fetchSite?: string): string | null {
    const ownerHost = webContentsId === undefined ? undefined : this.#ownerHost(webContentsId);
    return hostFor({ url, ownerHost, fetchSite }, new Set(this.#access.keys()));
  }
}
