import { execFile } from 'node:child_process';
import { request as plainRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewAccess } from '../../../electron/shared/contract/instances.ts';
import {
  type App,
  type Bench,
  collect,
  connectThrough,
  startApp,
  startGateway,
  Tunnel,
  targetOf,
  tlsThrough,
  View,
} from './harness.ts';

const run = promisify(execFile);

/** What another user of this machine could try; the app must never see any of it. */
describe('who lacks the secret', () => {
  let app: App;
  let bench: Bench;
  let access: ViewAccess;
  const tunnels: Tunnel[] = [];

  beforeAll(async () => {
    app = await startApp((req, res) => res.end(`page ${req.url}`));
    bench = await startGateway();
    for (const id of ['app1', 'app2']) {
      const tunnel = new Tunnel(app.socketPath);
      tunnels.push(tunnel);
      bench.gateway.add(targetOf(id, tunnel));
    }
    access = bench.gateway.access('app1');
  });

  afterAll(async () => {
    await bench.gateway.dispose();
    await app.close();
  });

  const untouched = (): void => expect(tunnels.map((tunnel) => tunnel.opened)).toEqual([0, 0]);

  function plain(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = plainRequest({ host: '127.0.0.1', port: access.proxyPort, path, headers, agent: false });
      request.once('response', (response) => resolve(response.resume().statusCode ?? 0)).once('error', reject);
      request.end();
    });
  }

  /** HTTP/1.1 inside the TLS of app1. */
  async function inside(options: {
    path?: string;
    headers: Record<string, string>;
    servername?: string;
  }): Promise<number> {
    const socket = await tlsThrough(access, 'http/1.1', options.servername);
    return await new Promise((resolve, reject) => {
      const request = plainRequest({
        createConnection: () => socket,
        path: options.path ?? '/',
        headers: options.headers,
      });
      request.once('response', (response) => {
        resolve(response.resume().statusCode ?? 0);
        response.once('close', () => socket.destroy());
      });
      request.once('upgrade', () => reject(new Error('The WebSocket was opened.')));
      request.once('error', reject).end();
    });
  }

  it('gets 403 for plain HTTP, also as a proxy request with the right secret', async () => {
    const { name, value } = access.secretHeader;
    expect(await plain('/', {})).toBe(403);
    expect(await plain('/', { host: access.host, [name]: value })).toBe(403);
    expect(await plain(`http://${access.host}/`, { [name]: value })).toBe(403);
    expect(await plain('/', { connection: 'upgrade', upgrade: 'websocket' })).toBe(403);
    untouched();
  });

  it('gets 403 for a CONNECT to anything but a known app at 443', async () => {
    for (const authority of [
      'example.org:443',
      'unknown.apps.internal:443',
      'app1.apps.internal:80',
      'app1.apps.internal.evil:443',
      'app1:443',
      '127.0.0.1:22',
      'x.app1.apps.internal:443',
    ]) {
      const { status, socket } = await connectThrough(access.proxyPort, authority);
      socket.destroy();
      expect([authority, status]).toEqual([authority, 403]);
    }
  });

  it('gets no TLS from the port itself', async () => {
    const words = await new Promise<string>((resolve) => {
      const socket = connectTcp(access.proxyPort, '127.0.0.1');
      const tls = connectTls({ socket, rejectUnauthorized: false });
      tls.once('secureConnect', () => resolve('connected'));
      tls.once('error', (error) => resolve(error.message));
    });
    expect(words).not.toBe('connected');
  });

  it('gets 403 over TLS without the secret, with a wrong one, or with another app’s', async () => {
    const { name, value } = access.secretHeader;
    const other = bench.gateway.access('app2').secretHeader.value;
    expect(await inside({ headers: { host: access.host } })).toBe(403);
    for (const wrong of ['x', `${value}x`, other, '']) {
      expect(await inside({ headers: { host: access.host, [name]: wrong } })).toBe(403);
    }
    const socket = await tlsThrough(access, 'h2');
    const session = connectHttp2(access.origin, { createConnection: () => socket });
    const stream = session.request({ ':path': '/' });
    expect((await collect(stream)).status).toBe(403);
    session.destroy();
    untouched();
  });
  it('gets 403 for another host or TLS name, with the right secret', async () => {
    const { name, value } = access.secretHeader;
    for (const host of ['app2.apps.internal', 'localhost', '127.0.0.1', 'app1.apps.internal:444']) {
      expect(await inside({ headers: { host, [name]: value } })).toBe(403);
    }
    expect(await inside({ headers: { host: access.host, [name]: value }, servername: 'app2.apps.internal' })).toBe(403);
    const absolute = { path: 'http://app2.apps.internal/', headers: { host: access.host, [name]: value } };
    expect(await inside(absolute)).toBe(403);
    untouched();
  });

  it('gets 403 for a WebSocket', async () => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
    };
    expect(await inside({ headers: { host: access.host, ...upgrade } })).toBe(403);
    const { name } = access.secretHeader;
    expect(await inside({ headers: { host: access.host, [name]: 'x', ...upgrade } })).toBe(403);
    untouched();
  });

  it.each(['--http2', '--http1.1'])(
    'gets 403 with curl %s as another user, and the app only with the secret',
    async (http) => {
      const url = `${access.origin}/from-curl`;
      const base = [
        '-sk',
        http,
        '--max-time',
        '5',
        '--proxy',
        `http://127.0.0.1:${access.proxyPort}`,
        '-w',
        '\n%{http_code} %{http_version}',
        url,
      ];
      const asNobody =
        process.getuid?.() === 0
          ? run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'curl', ...base])
          : run('curl', base);
      expect((await asNobody).stdout).toMatch(/\n403 (2|1\.1)$/);
      const { name, value } = access.secretHeader;
      const allowed = await run('curl', ['-H', `${name}: ${value}`, ...base]);
      expect(allowed.stdout).toBe(`page /from-curl\n200 ${http === '--http2' ? '2' : '1.1'}`);
      for (const tunnel of tunnels) tunnel.opened = 0;
    },
  );

  it('is pinned by the fingerprint that Electron sees', async () => {
    const socket = await tlsThrough(access, 'h2');
    const hex = socket.getPeerCertificate().fingerprint256.replaceAll(':', '');
    const shown = `sha256/${Buffer.from(hex, 'hex').toString('base64')}`;
    socket.destroy();
    expect(access.certificateFingerprint).toBe(shown);
  });

  it('closes everything it has on dispose, and a removed app at once', async () => {
    const own = await startGateway();
    own.gateway.add(targetOf('gone', new Tunnel(app.socketPath)));
    const view = await View.open(own.gateway.access('gone'));
    expect((await view.get('/x')).status).toBe(200);
    const { proxyPort } = own.gateway.access('gone');
    const ended = new Promise((resolve) => view.session.once('close', resolve));
    await own.gateway.remove('gone');
    await ended;
    const refused = await connectThrough(proxyPort, 'gone.apps.internal:443');
    refused.socket.destroy();
    expect(refused.status).toBe(403);
    await own.gateway.dispose();
    await expect(connectThrough(proxyPort, 'gone.apps.internal:443')).rejects.toThrow(/ECONNREFUSED/);
  });
});
