import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { parse } from 'yaml';
import { recipeFileSchema } from '../../../electron/shared/recipes.ts';
import {
  type App,
  type Bench,
  startApp,
  startGateway,
  TOKEN,
  Tunnel,
  targetOf,
  tlsThrough,
  until,
  View,
} from './harness.ts';

/**
 * STAND-INS: servers written here that speak the sign-in of RStudio Server (csrf token in a hidden field and a cookie, which
 * must agree; plain form, as with `auth-encrypt-password=0`) and of code-server (`/login`). The recipes' own `serve` is used.
 */
interface StandIn {
  handler(req: IncomingMessage, res: ServerResponse, body: string): void;
  signedIn(req: IncomingMessage): boolean;
  sessions: Set<string>;
  posts: URLSearchParams[];
}

const cookiesOf = (req: IncomingMessage): Map<string, string> =>
  new Map(
    (req.headers.cookie ?? '').split('; ').map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]),
  );

function standIn(kind: 'rstudio' | 'code-server'): StandIn {
  const sessions = new Set<string>();
  const posts: URLSearchParams[] = [];
  const [session, loginPath, postPath] =
    kind === 'rstudio' ? ['user-id', '/auth-sign-in', '/auth-do-sign-in'] : ['code-server-session', '/login', '/login'];
  const signedIn = (req: IncomingMessage) => sessions.has(cookiesOf(req).get(session) ?? '');
  const handler: StandIn['handler'] = (req, res, body) => {
    const path = req.url?.split('?')[0];
    if (req.method === 'GET' && path === loginPath) {
      const csrf = randomUUID();
      if (kind === 'rstudio')
        res.setHeader('Set-Cookie', [`rs-csrf-token=${csrf}; path=/`, `csrf-token=${csrf}; path=/`]);
      res.end(`<html><form method="POST"><input type="hidden" name="rs-csrf-token" value="${csrf}" />
        <input type=hidden name='base' value='.'><input name="href" value="" type="hidden"/><input name="password"></form></html>`);
      return;
    }
    if (req.method === 'POST' && path === postPath) {
      const form = new URLSearchParams(body);
      posts.push(form);
      const csrf = cookiesOf(req).get('rs-csrf-token');
      const right =
        form.get('password') === TOKEN &&
        (kind === 'code-server' || (form.get('username') === 'ada' && csrf && csrf === form.get('rs-csrf-token')));
      if (!right && kind === 'code-server') return res.end('<form>Incorrect password</form>');
      if (!right) return res.writeHead(302, { location: '/auth-sign-in?error=2' }).end();
      const id = randomBytes(8).toString('hex');
      sessions.add(id);
      const flags = kind === 'rstudio' ? '; path=/; HttpOnly' : '; Path=/; SameSite=Lax';
      return res.writeHead(302, { location: './', 'set-cookie': `${session}=${id}${flags}` }).end();
    }
    if (!signedIn(req))
      return res.writeHead(302, { location: kind === 'rstudio' ? 'auth-sign-in?appUri=%2F' : './login' }).end();
    if (path === '/auth-sign-out') {
      sessions.clear();
      return res
        .writeHead(302, {
          location: '/auth-sign-in',
          'set-cookie': `${session}=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/`,
        })
        .end();
    }
    res.end(`page ${req.method} ${body} cookies ${[...cookiesOf(req).keys()].sort()}`);
  };
  return { handler, signedIn, sessions, posts };
}

const serveOf = async (recipe: string) => {
  const file = join(import.meta.dirname, '../../../recipes', recipe, 'app.yaml');
  return recipeFileSchema.parse(parse(await readFile(file, 'utf8'))).serve;
};

describe.each(['rstudio', 'code-server'] as const)('an app that signs in as %s does (a stand-in)', (kind) => {
  let app: App;
  let bench: Bench;
  let view: View;
  let there: StandIn;

  beforeEach(async () => {
    there = standIn(kind);
    app = await startApp((req, res) => {
      let body = '';
      req.on('data', (part) => {
        body += part;
      });
      req.on('end', () => there.handler(req, res, body));
    });
    const sockets = new WebSocketServer({ noServer: true });
    app.server.on('upgrade', (req, socket, head) => {
      if (there.signedIn(req)) sockets.handleUpgrade(req, socket, head, (client) => client.send('open'));
      else socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    });
    bench = await startGateway();
    bench.gateway.add(targetOf('app1', new Tunnel(app.socketPath), await serveOf(kind)));
    view = await View.open(bench.gateway.access('app1'));
  });

  afterEach(async () => {
    view.close();
    await bench.gateway.dispose();
    await app.close();
  });

  const session = kind === 'rstudio' ? 'user-id' : 'code-server-session';

  it('is signed in once for all who ask at once, and the page sees neither the secret nor the session', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => view.get(`/${n}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(there.posts).toHaveLength(1);
    const told = answers.flatMap(({ headers, text }) => [
      ...(headers['set-cookie'] ?? []),
      JSON.stringify(headers),
      text,
    ]);
    expect(told.join()).not.toContain(TOKEN);
    for (const id of there.sessions) expect(told.join()).not.toContain(id);
    // What scripts of the page may need they get: RStudio's csrf token.
    const cookies = answers.flatMap(({ headers }) => headers['set-cookie'] ?? []).map((line) => line.split('=')[0]);
    expect(cookies.sort()).toEqual(kind === 'rstudio' ? ['csrf-token', 'rs-csrf-token'] : []);
    expect(answers[0]?.text).toContain(session);
  });

  it('is signed in again when the session is gone, in the middle of whatever is asked', async () => {
    await view.get('/');
    there.sessions.clear();
    expect((await view.get('/after')).text).toContain('page GET');
    expect(there.posts).toHaveLength(2);
    // A form is not sent twice by itself; it says so, and then it goes.
    there.sessions.clear();
    const lost = await view.send('/save', 'data', { 'content-length': 4, 'sec-fetch-mode': 'cors' });
    expect([lost.status, lost.text]).toEqual([503, expect.stringContaining('try it again')]);
    expect((await view.send('/save', 'data', { 'content-length': 4 })).text).toContain('page POST data');
  });

  it('shows the app, not its form, to who goes to the form or signs out', async () => {
    const path = kind === 'rstudio' ? '/auth-sign-in?appUri=%2F' : '/login?to=x';
    const answer = await view.get(path, { 'sec-fetch-mode': 'navigate' });
    expect([answer.status, answer.headers.location]).toEqual([302, '/']);
    if (kind === 'rstudio') {
      const out = await view.get('/auth-sign-out', { 'sec-fetch-mode': 'navigate' });
      expect(out.text).not.toContain('form');
    }
    expect((await view.get('/')).text).toContain('page GET');
  });

  it('opens a WebSocket with the session, and anew after it is gone', async () => {
    await view.get('/');
    there.sessions.clear();
    const access = bench.gateway.access('app1');
    const tls = await tlsThrough(access, 'http/1.1');
    const socket = new WebSocket(`wss://${access.host}/ws`, {
      createConnection: () => tls,
      headers: { [access.secretHeader.name]: access.secretHeader.value },
      origin: access.origin,
    });
    let said = '';
    socket.on('message', (data) => {
      said = String(data);
    });
    socket.on('error', (error) => {
      said = error.message;
    });
    await until('it is open', () => said !== '');
    expect(said).toBe('open');
    socket.terminate();
  });

  it('says that a sign-in is not accepted, and does not try again at once', async () => {
    const target = targetOf('app2', new Tunnel(app.socketPath), await serveOf(kind));
    bench.gateway.add({ ...target, token: 'wrong' });
    const other = await View.open(bench.gateway.access('app2'));
    const answers = [await other.get('/'), await other.get('/', { 'sec-fetch-mode': 'navigate' })];
    expect(answers.map(({ status }) => status)).toEqual([502, 502]);
    expect(answers[1]?.text).toContain('did not accept the sign-in');
    expect(answers[1]?.text).not.toContain('wrong');
    expect(there.posts).toHaveLength(1);
    other.close();
  });
});
