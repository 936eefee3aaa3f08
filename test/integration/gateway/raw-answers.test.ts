import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApp } from '../../../electron/core/instances/ask-app.ts';
import { firstAnswer } from '../../../electron/core/instances/first-answer.ts';
import { probe } from '../../../electron/core/instances/readiness.ts';
import { serveSchema } from '../../../electron/shared/recipes.ts';
import { rawAnswers, rawPath, startRawApp } from '../../helpers/raw-answers.ts';
import { type Bench, openSocket, startApp, startGateway, Tunnel, targetOf, View } from './harness.ts';

const signal = new AbortController().signal;
let bench: Bench;

beforeAll(async () => {
  bench = await startGateway();
});

afterAll(async () => {
  await bench.gateway.dispose();
});

/** An app named `id` whose server writes `step` bytes at a time, and a view of it. */
async function openRawApp(id: string, step?: number) {
  const app = await startRawApp(step);
  bench.gateway.add(targetOf(id, new Tunnel(app.socketPath)));
  const view = await View.open(bench.gateway.access(id));
  return {
    app,
    view,
    close: async () => {
      view.close();
      await bench.gateway.remove(id);
      await app.close();
    },
  };
}

async function seenBy(view: View, name: string): Promise<unknown> {
  try {
    const { status, text } = await view.get(rawPath(name));
    return status === 502 ? 'refused' : [status, text];
  } catch {
    return 'broken';
  }
}

describe('answers of hand-made servers', () => {
  let raw: Awaited<ReturnType<typeof openRawApp>>;

  beforeAll(async () => {
    raw = await openRawApp('raw');
  });

  afterAll(() => raw.close());

  for (const [name, { gateway }] of Object.entries(rawAnswers)) {
    it(`${gateway === 'refused' || gateway === 'broken' ? gateway : 'shown'}: ${name}`, async () => {
      expect(await seenBy(raw.view, name)).toEqual(gateway);
    });
  }

  it('are the same when they come in single bytes', async () => {
    const slow = await openRawApp('slow', 1);
    try {
      const short = Object.entries(rawAnswers).filter(([, { answer }]) => answer.length < 10_000);
      const seen = await Promise.all(short.map(async ([name]) => [name, await seenBy(slow.view, name)]));
      expect(seen).toEqual(short.map(([name, { gateway }]) => [name, gateway]));
    } finally {
      await slow.close();
    }
  });

  it('say why they are refused, also where a form was sent', async () => {
    const lengths = await raw.view.get(rawPath('two lengths'));
    expect(lengths.text).toBe('The app gave no usable answer. Its answer states two different lengths.\n');
    const posted = await raw.view.send(rawPath('two lengths'), 'x');
    expect(posted.text).toContain('may or may not have been done');
  });

  it('keep the bytes of their headers, with one content type', async () => {
    const header = async (name: string) => (await raw.view.get(rawPath(name))).headers;
    expect(Buffer.from(String((await header('UTF-8 in a header'))['x-a']), 'latin1').toString()).toBe('café');
    expect((await header('latin1 in a header'))['x-a']).toBe('caf\xe9');
    expect((await header('space before the colon'))['x-a']).toBe('b');
    expect((await header('a control character in a header'))['x-a']).toBe('a b');
    expect((await header('a CR in a header'))['x-a']).toBe('a X-B: c');
    expect((await header('a header of 100 KB'))['x-a']).toHaveLength(100_000);
    expect((await header('a folded header'))['content-security-policy']).toBe('default-src self; script-src self');
    expect((await header('two content types'))['content-type']).toBe('text/html');
  });

  it('are strict HTTP/1.1 in the user’s own browser as well', async () => {
    const link = new URL(await bench.gateway.browserLink('raw'));
    const ask = (
      path: string,
      cookie: string,
    ): Promise<{ status: number; text: string; cookie: string; header: unknown }> =>
      new Promise((resolve, reject) => {
        const headers = { host: link.host, ...(cookie ? { cookie } : {}) };
        const options = { host: '127.0.0.1', port: link.port, path, headers, agent: false, maxHeaderSize: 300_000 };
        const sent = request(options, (answer) => {
          let text = '';
          answer.on('data', (part) => {
            text += part;
          });
          answer.on('error', reject);
          answer.on('end', () => {
            const [set = ''] = answer.headers['set-cookie'] ?? [];
            resolve({
              status: answer.statusCode ?? 0,
              text,
              cookie: set.split(';')[0] ?? '',
              header: answer.headers['x-a'],
            });
          });
        });
        sent.on('error', reject).end();
      });
    const { cookie } = await ask(link.pathname + link.search, '');
    for (const [name, { gateway }] of Object.entries(rawAnswers)) {
      const seen = await ask(rawPath(name), cookie).then(
        ({ status, text }) => (status === 502 ? 'refused' : [status, text]),
        () => 'broken',
      );
      expect([name, seen]).toEqual([name, gateway]);
    }
    expect((await ask(rawPath('UTF-8 in a header'), cookie)).header).toBe('caf\xc3\xa9');
  });

  it('do not keep an app from becoming ready, nor from being asked about itself', async () => {
    const serve = serveSchema.parse({ path: rawPath('line ends without CR') });
    const ready = { ...serve, ready: { ...serve.ready, path: serve.path } };
    const open = () => openSocket(raw.app.socketPath);
    expect(await probe({ id: 'raw', serve: ready, token: '', open }, signal)).toBeNull();
    expect(await firstAnswer(serve, open, signal)).toMatchObject({ status: 200, page: { html: 'ok' } });
    const asked = await askApp(await open(), serve, 'localhost', '', serve.path, signal);
    expect([asked.status, asked.body.toString()]).toEqual([200, 'ok']);
  });
});

describe('answers on a channel that is kept', () => {
  it('are never mixed with bytes that followed an earlier one', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        const [, kind = '', number = ''] = (data.toString().split(' ')[1] ?? '').split('/');
        const body = `answer ${number}`;
        const late = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong';
        const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        socket.write(kind === 'at-once' ? answer + late : answer);
        if (kind === 'soon') setImmediate(() => socket.write(late));
      });
    });
    const folder = await mkdtemp(join(tmpdir(), 'kept-'));
    await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve));
    const tunnel = new Tunnel(join(folder, 's'));
    bench.gateway.add(targetOf('kept', tunnel));
    const view = await View.open(bench.gateway.access('kept'));
    try {
      for (let number = 0; number < 60; number += 1) {
        const kind = ['at-once', 'soon', 'plain'][number % 3];
        expect((await view.get(`/${kind}/${number}`)).text).toBe(`answer ${number}`);
      }
      // After a plain answer the channel carries the next one.
      expect(tunnel.opened).toBeLessThan(60);
    } finally {
      view.close();
      await bench.gateway.remove('kept');
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    }
  });

  it('come before the end of what was sent', async () => {
    const app = await startApp((req, res) => {
      res.writeHead(413, { connection: 'close', 'content-length': 8 }).end('too long');
      res.once('finish', () => req.socket.destroySoon());
    });
    bench.gateway.add(targetOf('early', new Tunnel(app.socketPath)));
    const view = await View.open(bench.gateway.access('early'));
    try {
      const stream = view.stream('/upload', { ':method': 'POST' });
      stream.on('error', () => undefined);
      stream.write(Buffer.alloc(100_000));
      const seen = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));
      let text = '';
      for await (const part of stream) text += part;
      expect([seen, text]).toEqual([413, 'too long']);
    } finally {
      view.close();
      await bench.gateway.remove('early');
      await app.close();
    }
  });
});

describe('what browsers send and get', () => {
  it('may have any bytes in its headers, with a body as well', async () => {
    const app = await startApp((req, res) => {
      req.resume().once('end', () => res.writeHead(200, { 'x-a': 'caf\xc3\xa9' }).end(req.headers.cookie, 'latin1'));
    });
    bench.gateway.add(targetOf('bytes', new Tunnel(app.socketPath)));
    const view = await View.open(bench.gateway.access('bytes'));
    try {
      for (const answer of [
        await view.get('/', { cookie: 'a=caf\xc3\xa9' }),
        await view.send('/', 'body', { cookie: 'a=caf\xc3\xa9' }),
      ])
        expect([answer.text, answer.headers['x-a']]).toEqual(['a=café', 'caf\xc3\xa9']);
    } finally {
      view.close();
      await bench.gateway.remove('bytes');
      await app.close();
    }
  });

  // One field of over 64 KB, compressed, is beyond what the HTTP/2 library of Node reads.
  it('may be long: an address, cookies, headers in both directions', async () => {
    const app = await startApp((req, res) => {
      res.setHeader('x-large', 'a'.repeat(100_000));
      for (let index = 0; index < 3000; index += 1) res.setHeader(`x-${index}`, '1');
      res.end(
        JSON.stringify([req.url?.length, req.headers.cookie?.split('; ').length, String(req.headers['x-a']).length]),
      );
    });
    bench.gateway.add(targetOf('large', new Tunnel(app.socketPath)));
    const view = await View.open(bench.gateway.access('large'));
    try {
      // Browsers send each cookie as a field of its own over HTTP/2.
      const cookie = Array.from({ length: 400 }, (_, index) => `c${index}=${'v'.repeat(100)}`);
      const answer = await view.get(`/${'a'.repeat(80_000)}`, { cookie, 'x-a': 'a'.repeat(20_000) });
      expect([answer.status, answer.text]).toEqual([200, '[80001,400,20000]']);
      expect(answer.headers['x-large']).toHaveLength(100_000);
      expect(answer.headers['x-2999']).toBe('1');
    } finally {
      view.close();
      await bench.gateway.remove('large');
      await app.close();
    }
  });
});
