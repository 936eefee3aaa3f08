import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type App, type Bench, startApp, startGateway, Tunnel, targetOf } from './harness.ts';

describe('the link for the user’s own browser', () => {
  let app: App;
  let bench: Bench;
  let tunnel: Tunnel;
  let seen: IncomingHttpHeaders = {};

  beforeAll(async () => {
    app = await startApp((req, res) => {
      seen = req.headers;
      res.setHeader('set-cookie', 'session=1; Path=/; Secure; Domain=localhost');
      res.end(`page ${req.url}`);
    });
    const server = new WebSocketServer({ server: app.server });
    server.on('connection', (client, req) => {
      seen = req.headers;
      client.send('hello');
    });
    tunnel = new Tunnel(app.socketPath);
    bench = await startGateway();
    bench.gateway.add(targetOf('app1', tunnel, { path: '/lab' }));
  });

  afterAll(async () => {
    await bench.gateway.dispose();
    await app.close();
  });

  function ask(
    url: URL,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<IncomingMessage & { text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: url.port,
          path: url.pathname + url.search,
          method,
          headers: { host: url.host, ...headers },
        },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () => resolve(Object.assign(response, { text })));
        },
      );
      sent.once('error', reject).end();
    });
  }

  async function signIn(): Promise<{ base: URL; cookie: string }> {
    const link = new URL(await bench.gateway.browserLink('app1'));
    const answer = await ask(link);
    expect(answer.statusCode).toBe(303);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^tunel-view=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    return { base: new URL(answer.headers.location ?? '', link), cookie: cookie.split(';')[0] ?? '' };
  }

  it('works once, sets a cookie, and leads to where the app begins', async () => {
    const link = new URL(await bench.gateway.browserLink('app1'));
    expect(link.hostname).toBe('app1.localhost');
    const first = await ask(link);
    expect([first.statusCode, first.headers.location]).toEqual([303, '/lab']);
    expect((await ask(link)).statusCode).toBe(403);
  });

  it('serves the app with the cookie, which the app never sees', async () => {
    const { base, cookie } = await signIn();
    const answer = await ask(base, { cookie: `a=1; ${cookie}`, origin: base.origin, 'sec-fetch-site': 'same-origin' });
    expect(answer.text).toBe('page /lab');
    expect(answer.headers['set-cookie']).toEqual(['session=1; Path=/']);
    expect(seen.cookie).toBe('a=1');
    expect(seen.host).toBe('localhost');
    expect(seen.origin).toBe('http://localhost');
  });

  it('refuses all else before the app is touched', async () => {
    const { base, cookie } = await signIn();
    const opened = tunnel.opened;
    const cases: [Record<string, string>, string][] = [
      [{}, 'GET'],
      [{ cookie: 'tunel-view=x' }, 'GET'],
      [{ cookie, host: `localhost:${base.port}` }, 'GET'],
      [{ cookie, host: `127.0.0.1:${base.port}` }, 'GET'],
      [{ cookie, host: `evil.example:${base.port}` }, 'GET'],
      [{ cookie, origin: 'http://app1.localhost:1' }, 'POST'],
      [{ cookie, origin: 'null' }, 'POST'],
      [{ cookie, 'sec-fetch-site': 'same-site' }, 'GET'],
      [{ cookie, 'sec-fetch-site': 'cross-site' }, 'GET'],
    ];
    for (const [headers, method] of cases) {
      expect([headers, (await ask(base, headers, method)).statusCode]).toEqual([headers, 403]);
    }
    expect((await ask(new URL('/?tunel-ticket=guess', base))).statusCode).toBe(403);
    expect(tunnel.opened).toBe(opened);
  });

  it('opens a WebSocket only from its own page', async () => {
    const { base, cookie } = await signIn();
    const attempt = (origin: string, sentCookie: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${base.port}/ws`, {
          headers: { host: base.host, cookie: sentCookie },
          origin,
        });
        socket.once('message', (data) => {
          resolve(String(data));
          socket.terminate();
        });
        socket.once('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
        socket.once('error', (error) => resolve(error.message));
      });
    expect(await attempt(base.origin, cookie)).toBe('hello');
    expect(seen).not.toHaveProperty('cookie');
    expect(await attempt('http://evil.example', cookie)).toBe('403');
    expect(await attempt(base.origin, '')).toBe('403');
  });
});
