import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { answerChallenge } from '../../../electron/core/gateway/rfb-sign-in.ts';
import { probe } from '../../../electron/core/instances/readiness.ts';
import {
  encodeDrawn,
  encodeFrame,
  encodeSize,
  type Frame,
  FrameReader,
} from '../../../renderer/pages/terminal/frames.ts';
import {
  type Bench,
  openSocket,
  startApp,
  startGateway,
  TOKEN,
  Tunnel,
  targetOf,
  tlsThrough,
  until,
  View,
} from './harness.ts';

const recipes = join(import.meta.dirname, '../../../recipes');
const open: WebSocket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate();
});

/** The page's WebSocket of a view. */
async function channel(bench: Bench, id: string, secret = true): Promise<WebSocket> {
  const access = bench.gateway.access(id);
  const tls = await tlsThrough(access, 'http/1.1');
  const socket = new WebSocket(`wss://${access.host}/channel`, {
    createConnection: () => tls,
    headers: secret ? { [access.secretHeader.name]: access.secretHeader.value } : {},
    origin: access.origin,
  });
  open.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => reject(new Error(`refused: ${response.statusCode}`)));
  });
  return socket;
}

describe('a terminal: recipes/terminal’s own server behind the gateway', () => {
  let folder: string;
  let server: ChildProcess;
  let said = '';
  let bench: Bench;
  let tunnel: Tunnel;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gw-'));
    const path = join(folder, 's');
    const program = join(recipes, 'terminal/files/terminal.py');
    server = spawn('python3', [program, '--socket', path, '--shell', 'sh'], {
      cwd: folder,
      env: { ...process.env, PS1: '> ', ENV: '', TUNEL_TOKEN_FILE: '/secret' },
    });
    server.stdout?.on('data', (data) => {
      said += data;
    });
    await until('it listens', () => said.includes('ready'));
    tunnel = new Tunnel(path);
    bench = await startGateway();
    bench.gateway.add(targetOf('term', tunnel, { protocol: 'terminal' }));
  });

  afterAll(async () => {
    await bench.gateway.dispose();
    if (server.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  async function page(columns = 80, rows = 24) {
    const socket = await channel(bench, 'term');
    const reader = new FrameReader();
    const frames: Frame[] = [];
    let text = '';
    socket.on('message', (data: Buffer) => {
      for (const frame of reader.take(data)) {
        frames.push(frame);
        if (frame.kind !== 'D' && frame.kind !== 'S') continue;
        text += Buffer.from(frame.payload);
        socket.send(encodeDrawn(frame.payload.length));
      }
    });
    socket.send(encodeSize(columns, rows));
    const type = (line: string) => socket.send(encodeFrame('D', Buffer.from(line)));
    return { socket, frames, type, text: () => text };
  }

  it('serves its page with a strict policy, to the view alone, and nothing else', async () => {
    const view = await View.open(bench.gateway.access('term'));
    const index = await view.get('/');
    expect([index.status, index.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(index.headers['content-security-policy']).toMatch(
      /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
    );
    expect((await view.get('/page.js')).body.length).toBeGreaterThan(100_000);
    for (const path of [
      '/../vnc/page.js',
      '/..%2fpage.js',
      '/x',
      '/page.js.map',
      '//page.js',
      '/constructor',
      '/__proto__',
    ]) {
      expect((await view.get(path)).status, path).toBe(404);
    }
    view.close();
    await expect(channel(bench, 'term', false)).rejects.toThrow('403');
  });

  it('is ready when it greets', async () => {
    const target = targetOf('term', tunnel, { protocol: 'terminal' });
    expect(await probe(target, new AbortController().signal)).toBeNull();
  });

  it('carries keys and output, sizes, and 4 MB without losing a byte', async () => {
    const { type, text } = await page(100, 30);
    type('stty size; echo "secret:$TUNEL_TOKEN_FILE:"\n');
    await until('the size', () => text().includes('30 100') && text().includes('secret::'));
    type(
      'head -c 4000000 /dev/zero | tr "\\0" x | cksum; head -c 4000000 /dev/zero | tr "\\0" x; echo; echo all-"there"\n',
    );
    await until('all of it', () => text().includes('all-there\r\n'));
    expect(
      text()
        .match(/x+/g)
        ?.sort((a, b) => b.length - a.length)[0]?.length,
    ).toBe(4_000_000);
  });

  it('keeps the screen for the next page, and tells the one before', async () => {
    const first = await page();
    first.type('echo kept-"$((6*7))"\n');
    await until('it is said', () => first.text().includes('kept-42'));
    const second = await page();
    await until('the screen', () => second.text().includes('kept-42'));
    expect(second.frames.map(({ kind }) => kind).slice(0, 2)).toEqual(['H', 'S']);
    await until('the first is told', () => first.frames.some(({ kind }) => kind === 'T'));
    tunnel.cut('down', 'Reconnecting.');
    await expect(channel(bench, 'term')).rejects.toThrow('503');
    tunnel.state = 'up';
    const third = await page();
    await until('the screen again', () => third.text().includes('kept-42'));
  });

  it('tells the shell’s exit code and ends', async () => {
    const { type, frames } = await page();
    type('exit 3\n');
    await until('the code', () =>
      frames.some(({ kind, payload }) => kind === 'X' && String(Buffer.from(payload)) === '3'),
    );
    await until('its end', () => server.exitCode !== null);
    expect([server.exitCode, said]).toEqual([0, expect.stringContaining('exit code 3')]);
  });
});

describe('a desktop: RFB (a stand-in that speaks its beginning; the real Xvnc is in test/e2e/desktop.spec.ts)', () => {
  let bench: Bench;
  let stop: () => Promise<void>;
  let tunnel: Tunnel;
  let types = [2];
  let heard = Buffer.alloc(0);
  const challenge = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

  beforeAll(async () => {
    const app = await startApp((_req, res) => res.end());
    app.server.removeAllListeners('connection');
    app.server.on('connection', (socket) => {
      socket.once('end', () => socket.destroy());
      let step = 0;
      let rest = Buffer.alloc(0);
      const steps: [number, (data: Buffer) => void][] = [
        [12, () => socket.write(Buffer.from([types.length, ...types]))],
        [1, (data) => socket.write(data[0] === 2 ? challenge : Buffer.alloc(4))],
        [
          16,
          (data) => {
            if (data.equals(answerChallenge(challenge, TOKEN.slice(0, 8)))) socket.write(Buffer.alloc(4));
            else socket.end(Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 5]), Buffer.from('wrong')]));
          },
        ],
      ];
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => {
        rest = Buffer.concat([rest, data]);
        const [bytes, act] = steps[step] ?? [0, () => undefined];
        const asked = types[0] === 1 ? 2 : 3;
        if (step >= asked) {
          heard = Buffer.concat([heard, rest]);
          rest = Buffer.alloc(0);
          socket.write('server init');
        } else if (rest.length >= bytes) {
          step += 1;
          const taken = rest.subarray(0, bytes);
          rest = rest.subarray(bytes);
          act(taken);
        }
      });
      socket.write('RFB 003.008\n');
    });
    stop = () => app.close();
    tunnel = new Tunnel(app.socketPath);
    bench = await startGateway();
  });
  afterAll(async () => {
    await bench.gateway.dispose();
    await stop();
  });

  it.each([
    ['none', [1]],
    ['a password', [2, 16]],
  ])('the page is let in without one where the server wants %s', async (_what, offered) => {
    types = offered;
    heard = Buffer.alloc(0);
    const id = `vnc-${offered.length}`;
    bench.gateway.add(targetOf(id, tunnel, { protocol: 'vnc' }));
    const socket = await channel(bench, id);
    let got = Buffer.alloc(0);
    socket.on('message', (data: Buffer) => {
      got = Buffer.concat([got, data]);
    });
    await until('the version', () => got.toString() === 'RFB 003.008\n');
    socket.send('RFB 003.008\n');
    await until('the types', () => got.length === 14);
    expect([...got.subarray(12)]).toEqual([1, 1]);
    socket.send(Buffer.from([1]));
    await until('the result', () => got.length === 18);
    socket.send(Buffer.from([1]));
    await until('the server’s own words', () => got.toString().endsWith('server init'));
    expect([...heard]).toEqual([1]);
  });

  it('says why when the server wants what Tunel does not speak', async () => {
    types = [19];
    bench.gateway.add(targetOf('vnc-tls', tunnel, { protocol: 'vnc' }));
    const socket = await channel(bench, 'vnc-tls');
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, String(reason)]).toEqual([4000, expect.stringContaining('does not speak (19)')]);
  });

  it('is ready when it speaks RFB, and not when it does not', async () => {
    const signal = new AbortController().signal;
    expect(await probe(targetOf('v', tunnel, { protocol: 'vnc' }), signal)).toBeNull();
    const other = await startApp((_req, res) => res.end());
    const silent = { ...targetOf('w', new Tunnel(other.socketPath), { protocol: 'vnc' }) };
    const limited = probe(silent, AbortSignal.timeout(500)).catch(() => 'not ready');
    expect(await limited).toBe('not ready');
    await other.close();
  });

  // Known answer of DES with a mirrored key, made with libvncserver's `rfbEncryptBytes` convention: 3DES of three equal keys.
  it('encrypts the challenge as RFC 6143 says', () => {
    const key = Buffer.from('0123456789abcdef', 'hex');
    const mirror = (byte: number) => Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2);
    const password = Buffer.from(key.map(mirror)).toString('latin1');
    // FIPS 46's example: key 0123456789abcdef, "Now is the time for all " begins 3fa40e8a984d4815 6a271787ab8883f9.
    const answer = answerChallenge(Buffer.from('Now is the time '), password);
    expect(answer.toString('hex')).toBe('3fa40e8a984d48156a271787ab8883f9');
  });
});

describe('files: recipes/files’ own server', () => {
  let folder: string;
  let server: ChildProcess;
  let bench: Bench;
  let view: View;
  const page = { 'x-files': 'page' };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gw-'));
    const shell = `mkdir root && cd root && echo hi >a.txt && ln -s /etc out && ln -s ../secret up && printf ${TOKEN} >../token`;
    await once(spawn('sh', ['-c', shell], { cwd: folder }), 'exit');
    const program = join(recipes, 'files/files/files.py');
    const path = join(folder, 's');
    server = spawn(
      'python3',
      [program, '--socket', path, '--token-file', join(folder, 'token'), '--root', join(folder, 'root')],
      {
        stdio: 'ignore',
      },
    );
    await until('it listens', () =>
      openSocket(path).then(
        (socket) => Boolean(socket.destroy()),
        () => false,
      ),
    );
    bench = await startGateway();
    bench.gateway.add(targetOf('files', new Tunnel(path), { token: { header: 'X-Tunel-Token', value: '{token}' } }));
    view = await View.open(bench.gateway.access('files'));
  });

  afterAll(async () => {
    view.close();
    await bench.gateway.dispose();
    server.kill();
    await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  const names = async (path = '') =>
    (JSON.parse((await view.get(`/list?path=${path}`)).text) as { entries: { name: string }[] }).entries.map(
      ({ name }) => name,
    );
  const post = (path: string) => view.send(path, '', { ...page, 'content-length': 0 });

  it('uploads, lists, renames, downloads and deletes, 32 MB byte for byte', async () => {
    expect((await post('/folder?path=new%20folder')).status).toBe(200);
    const data = Buffer.alloc(32 * 1024 * 1024, 'Tunel');
    const put = (body: Buffer, headers: Record<string, string> = {}) =>
      view.send('/raw?path=new%20folder/b%C3%A9.bin', body, { ':method': 'PUT', ...page, ...headers });
    expect((await put(data.subarray(0, 1000))).status).toBe(201);
    expect((await put(Buffer.from('x'))).status).toBe(412);
    expect((await put(data, { 'x-replace': 'yes' })).status).toBe(201);
    expect(await names('new%20folder')).toEqual(['bé.bin']);
    expect((await post('/rename?path=new%20folder/b%C3%A9.bin&to=c.bin')).status).toBe(200);
    const back = await view.get('/raw?path=c.bin');
    expect([back.body.equals(data), back.headers['content-disposition']]).toEqual([
      true,
      "attachment; filename*=UTF-8''c.bin",
    ]);
    expect((await post('/delete?path=c.bin')).status).toBe(200);
    expect((await post('/delete?path=new%20folder')).status).toBe(200);
    expect((await names()).sort()).toEqual(['a.txt', 'out', 'up']);
  });

  it('does not lead out of its folder, by dots or by links', async () => {
    for (const path of [
      '/raw?path=../token',
      '/raw?path=out/passwd',
      '/list?path=..',
      '/list?path=out',
      '/raw?path=/etc/passwd',
    ]) {
      const { status, text } = await view.get(path);
      expect([path, status < 400, text.includes('root:')]).toEqual([path, false, false]);
    }
    for (const path of [
      '/folder?path=../x',
      '/folder?path=out/x',
      '/rename?path=a.txt&to=../a.txt',
      '/delete?path=../token',
      '/delete?path=.',
    ]) {
      expect([path, (await post(path)).status >= 400]).toEqual([path, true]);
    }
    // A link itself is deleted, not what it leads to.
    expect((await post('/delete?path=up')).status).toBe(200);
  });

  it('announces that it closes the connection after a refusal', async () => {
    const refused = request({
      socketPath: join(folder, 's'),
      path: '/list',
      agent: false,
      headers: { connection: 'keep-alive' },
    });
    refused.end();
    const [answer] = (await once(refused, 'response')) as [IncomingMessage];
    expect([answer.statusCode, answer.headers.connection]).toEqual([403, 'close']);
    answer.resume();
    await once(answer, 'end');
  });

  it('does what follows a refusal, again and again', async () => {
    for (let turn = 0; turn < 50; turn += 1) {
      expect((await post('/delete?path=.')).status).toBe(400);
      expect((await post('/folder?path=after')).status).toBe(200);
      expect((await post('/delete?path=after')).status).toBe(200);
    }
  });

  it('changes nothing for another page’s form, nor without the gateway', async () => {
    expect((await view.send('/delete?path=a.txt', '', { 'content-length': 0 })).status).toBe(403);
    expect(await names()).toContain('a.txt');
  });
});
