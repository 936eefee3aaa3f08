import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type App,
  type Bench,
  collect,
  startApp,
  startGateway,
  TOKEN,
  Tunnel,
  targetOf,
  until,
  View,
} from './harness.ts';

const MIB = 1024 * 1024;
const CHUNK = randomBytes(64 * 1024);
let seen: { aborted: number; uploads: number; broken: number; written: number; streams: ServerResponse[] };

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The value once it has not changed for a quarter of a second. */
async function stands(value: () => number): Promise<number> {
  let last = -1;
  let since = Date.now();
  await until('it stands still', () => {
    const now = value();
    if (now !== last) since = Date.now();
    last = now;
    return Date.now() - since > 250;
  });
  return last;
}

/** Room to write, or nobody to write to. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      res.off('drain', go).off('close', go);
      resolve();
    };
    res.on('drain', go).on('close', go);
  });
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://app');
  res.on('close', () => {
    if (!res.writableFinished) seen.aborted += 1;
  });
  if (url.pathname === '/echo') {
    const body = await bodyOf(req);
    res.setHeader('content-type', 'application/json');
    res.end(
      JSON.stringify({
        method: req.method,
        url: req.url,
        headers: req.headers,
        body: body.toString(),
        trailers: req.trailers,
      }),
    );
  } else if (url.pathname === '/hash') {
    const hash = createHash('sha256');
    seen.uploads += 1;
    for await (const chunk of req) hash.update(chunk);
    res.end(hash.digest('hex'));
  } else if (url.pathname === '/bytes') {
    const count = Number(url.searchParams.get('chunks'));
    if (url.searchParams.has('length')) res.setHeader('content-length', count * CHUNK.length);
    seen.written = 0;
    for (let index = 0; index < count && !res.destroyed; index += 1) {
      seen.written += CHUNK.length;
      if (!res.write(CHUNK)) await drained(res);
    }
    res.end();
  } else if (url.pathname === '/stall') {
    req.pause();
  } else if (url.pathname === '/events') {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: first\n\n');
    seen.streams.push(res);
  } else if (url.pathname === '/rewrites') {
    res.writeHead(302, {
      location: url.searchParams.get('to') ?? '',
      'set-cookie': ['a=1; Domain=localhost; Path=/lab; Secure; HttpOnly', 'b=2; Path=/'],
      'alt-svc': 'h3=":443"',
      'strict-transport-security': 'max-age=1000',
      'keep-alive': 'timeout=5',
    });
    res.end();
  } else if (url.pathname === '/trailers') {
    res.writeHead(200, { trailer: 'x-sum' });
    res.write('body');
    res.addTrailers({ 'x-sum': '42' });
    res.end();
  } else if (url.pathname === '/204') {
    res.writeHead(204).end();
  } else if (url.pathname === '/304') {
    res.writeHead(304, { etag: '"x"' }).end();
  } else if (url.pathname === '/cut') {
    res.writeHead(200, { 'content-length': 1000 });
    res.write('some', () => res.destroy());
  } else if (url.pathname === '/drop') {
    req.socket.destroy();
  } else if (url.pathname === '/garbage') {
    req.socket.end('SSH-2.0-nonsense\r\n\r\n');
  } else {
    res.end(`page ${req.url}`);
  }
}

describe('what passes through the gateway', () => {
  let app: App;
  let bench: Bench;
  let tunnel: Tunnel;
  let view: View;

  beforeAll(async () => {
    seen = { aborted: 0, uploads: 0, broken: 0, written: 0, streams: [] };
    const serve = (req: IncomingMessage, res: ServerResponse): void => {
      handle(req, res).catch(() => {
        seen.broken += 1;
      });
    };
    app = await startApp(serve);
    app.server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
      if (req.headers['x-refuse']) {
        res.writeHead(417).end('no');
        return;
      }
      res.writeContinue();
      serve(req, res);
    });
    tunnel = new Tunnel(app.socketPath);
    bench = await startGateway();
    bench.gateway.add(
      targetOf('app1', tunnel, { token: { header: 'Authorization', value: 'token {token}' }, host: 'localhost' }),
    );
    view = await View.open(bench.gateway.access('app1'));
  });

  afterAll(async () => {
    view.close();
    await bench.gateway.dispose();
    await app.close();
  });

  it('speaks to the app with its own host, origin, referer and token, and without what is the gateway’s', async () => {
    const { origin, secretHeader } = view.access;
    const answer = await view.get('/echo?q=%20a', {
      origin,
      referer: `${origin}/lab?x=1`,
      cookie: ['a=1', 'b=2'],
      'x-forwarded-host': 'evil',
      te: 'trailers',
    });
    expect(answer.status).toBe(200);
    const { headers, url } = JSON.parse(answer.text);
    expect(url).toBe('/echo?q=%20a');
    expect(headers).toMatchObject({
      host: 'localhost',
      origin: 'http://localhost',
      referer: 'http://localhost/lab?x=1',
      authorization: `token ${TOKEN}`,
      cookie: 'a=1; b=2',
    });
    expect(headers).not.toHaveProperty(secretHeader.name);
    expect(headers).not.toHaveProperty('x-forwarded-host');
    expect(headers).not.toHaveProperty('te');
    expect(JSON.stringify(answer.headers)).not.toContain(TOKEN);
  });

  it('leaves the page on its own origin: Location, cookies, and no HSTS or Alt-Svc', async () => {
    for (const to of [
      'http://localhost/lab?a=1#x',
      'https://localhost:8888/lab?a=1#x',
      '//localhost/lab?a=1#x',
      '/lab?a=1#x',
    ]) {
      const answer = await view.get(`/rewrites?to=${encodeURIComponent(to)}`);
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toBe('/lab?a=1#x');
      expect(answer.headers['set-cookie']).toEqual(['a=1; Path=/lab; Secure; HttpOnly', 'b=2; Path=/']);
      expect(answer.headers).not.toHaveProperty('alt-svc');
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
    }
    const away = await view.get(`/rewrites?to=${encodeURIComponent('https://example.org/x')}`);
    expect(away.headers.location).toBe('https://example.org/x');
  });

  it('carries 64 MB up and down, whole', async () => {
    const size = 64 * MIB;
    const sent = createHash('sha256');
    const upload = view.stream('/hash', { ':method': 'POST' });
    const answer = collect(upload);
    for (let at = 0; at < size; at += CHUNK.length) {
      sent.update(CHUNK);
      if (!upload.write(CHUNK)) await new Promise((resolve) => upload.once('drain', resolve));
    }
    upload.end();
    expect((await answer).text).toBe(sent.digest('hex'));

    const got = createHash('sha256');
    const wanted = createHash('sha256');
    let bytes = 0;
    const download = view.stream('/bytes?chunks=1024&length');
    for await (const chunk of download) {
      got.update(chunk);
      bytes += chunk.length;
    }
    for (let at = 0; at < size; at += CHUNK.length) wanted.update(CHUNK);
    expect(bytes).toBe(size);
    expect(got.digest('hex')).toBe(wanted.digest('hex'));
  });

  it('does not buffer what nobody reads', async () => {
    const slow = view.stream('/bytes?chunks=4096');
    slow.on('error', () => undefined);
    await new Promise((resolve) => slow.once('response', resolve));
    slow.pause();
    const taken = await stands(() => seen.written);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(16 * MIB);
    slow.destroy(new Error('given up'));
  });

  it('does not buffer what the app does not take', async () => {
    const upload = view.stream('/stall', { ':method': 'POST' });
    upload.on('error', () => undefined);
    let taken = 0;
    const more = (): void => {
      while (taken < 64 * MIB) {
        taken += CHUNK.length;
        if (!upload.write(CHUNK)) break;
      }
    };
    upload.on('drain', more);
    more();
    const stood = await stands(() => taken);
    expect(stood).toBeGreaterThan(0);
    expect(stood).toBeLessThan(16 * MIB);
    upload.destroy(new Error('given up'));
  });

  it('passes an event on before the stream has ended, and the end of the reader to the app', async () => {
    const events = view.stream('/events', { accept: 'text/event-stream' });
    const first = await new Promise<string>((resolve) =>
      events.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    expect(first).toBe('data: first\n\n');
    const before = seen.aborted;
    events.close(8);
    await until('the app sees the abort', () => seen.aborted === before + 1);
  });

  it('aborts an upload upstream when the page gives up', async () => {
    const { uploads, broken } = seen;
    const upload = view.stream('/hash', { ':method': 'POST' });
    upload.on('error', () => undefined);
    upload.write(CHUNK);
    await until('the app has the request', () => seen.uploads === uploads + 1);
    upload.destroy(new Error('given up'));
    await until('the app sees the abort', () => seen.broken === broken + 1);
    const answer = await view.get('/after');
    expect(answer.text).toBe('page /after');
  });

  it('keeps HEAD, 204, 304 and trailers as they are', async () => {
    const head = await view.get('/bytes?chunks=2&length', { ':method': 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '131072', 0]);
    expect((await view.get('/204')).status).toBe(204);
    const notModified = await view.get('/304');
    expect([notModified.status, notModified.headers.etag]).toEqual([304, '"x"']);
    const trailed = await view.get('/trailers');
    expect([trailed.text, trailed.trailers['x-sum']]).toEqual(['body', '42']);
  });

  it('sends the trailers of a request', async () => {
    const { name, value } = view.access.secretHeader;
    const stream = view.session.request(
      { ':path': '/echo', ':method': 'POST', [name]: value },
      { waitForTrailers: true },
    );
    stream.once('wantTrailers', () => stream.sendTrailers({ 'x-end': 'yes' }));
    const answer = collect(stream);
    stream.end('body');
    expect(JSON.parse((await answer).text)).toMatchObject({ body: 'body', trailers: { 'x-end': 'yes' } });
  });

  it('asks the app about Expect: 100-continue', async () => {
    const stream = view.stream('/echo', { ':method': 'POST', expect: '100-continue' });
    const answer = collect(stream);
    await new Promise<void>((resolve) => stream.once('continue', () => resolve()));
    stream.end('after');
    expect(JSON.parse((await answer).text).body).toBe('after');
    const refused = view.stream('/echo', { ':method': 'POST', expect: '100-continue', 'x-refuse': '1' });
    const status = await new Promise((resolve) => refused.once('response', (headers) => resolve(headers[':status'])));
    expect(status).toBe(417);
    refused.close(8);
  });

  it('serves 200 requests at once over at most 32 channels', async () => {
    const opened = tunnel.opened;
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => view.get(`/n/${index}`)));
    expect(answers.map((answer) => answer.text)).toEqual(answers.map((_, index) => `page /n/${index}`));
    expect(tunnel.opened - opened).toBeLessThanOrEqual(32);
  });

  it('tries once more on a kept channel the app has closed, and only there', async () => {
    await view.get('/warm');
    for (const socket of app.connections) socket.destroy();
    expect((await view.get('/again')).text).toBe('page /again');
    for (const socket of app.connections) socket.destroy();
    const posted = await view.send('/echo', 'once');
    expect(JSON.parse(posted.text).body).toBe('once');
  });

  it('says in plain words when the app answers garbage, or not', async () => {
    const garbage = await view.get('/garbage');
    expect([garbage.status, garbage.text]).toEqual([
      502,
      'The app gave no usable answer. What came back is not HTTP.\n',
    ]);
    const dropped = await view.send('/drop', 'x');
    expect(dropped.status).toBe(502);
    expect(dropped.text).toContain('may or may not have been done');
    const page = await view.get('/drop', { 'sec-fetch-mode': 'navigate' });
    expect(page.status).toBe(502);
    expect(page.headers['content-type']).toContain('text/html');
  });

  it('breaks an answer off where the app broke off', async () => {
    await expect(view.get('/cut')).rejects.toThrow(/reset|INTERNAL/);
  });

  it('does not echo TRACE', async () => {
    expect((await view.get('/echo', { ':method': 'TRACE' })).status).toBe(405);
  });

  it('writes no secret into the log', () => {
    const log = bench.logger.lines.join('\n');
    expect(log).not.toContain(TOKEN);
    expect(log).not.toContain(view.access.secretHeader.value);
  });
});
