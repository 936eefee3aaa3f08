import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import type { Relay } from '../../../electron/core/routes/relay/relay.ts';
import { startRelay } from '../../../electron/core/routes/relay/start-relay.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { LocalCommand } from '../../helpers/local-command.ts';
import { exchange, localRelay } from '../../helpers/relay.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunel-relay-'));
const path = (name: string) => join(folder, name);
const servers: Server[] = [];
const relays: Relay[] = [];
let port = 0;
let rudePort = 0;

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function serve(on: { path: string } | { port: number; host: string }, app: (socket: Socket) => void) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    app(socket);
  }).listen(on);
  servers.push(server);
  await once(server, 'listening');
  return server;
}

const start = async (...options: Parameters<typeof localRelay>) => {
  const made = await localRelay(...options);
  relays.push(made.relay);
  return made;
};
const failed = (promise: Promise<unknown>) => promise.then(() => null, AppError.from);

beforeAll(async () => {
  await serve({ path: path('echo') }, (socket) => socket.pipe(socket));
  port = portOf(await serve({ host: '127.0.0.1', port: 0 }, (socket) => socket.pipe(socket)));
  // Answers only when it has heard all.
  await serve({ path: path('last') }, (socket) => {
    let length = 0;
    socket.on('data', (chunk) => {
      length += chunk.length;
    });
    socket.on('end', () => socket.end(`heard ${length}`));
  });
  await serve({ path: path('endless') }, (socket) => {
    const chunk = Buffer.alloc(65_536);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  });
  await serve({ path: path('deaf') }, (socket) => socket.pause());
  rudePort = portOf(
    await serve({ host: '127.0.0.1', port: 0 }, (socket) => socket.once('data', () => socket.resetAndDestroy())),
  );
});
afterEach(() => {
  for (const relay of relays.splice(0)) relay.close();
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

describe('a relay', () => {
  it('carries many connections to a socket and to a port at once, every byte', async () => {
    const { relay, command } = await start([{ socket: path('echo') }, { port }], { node: hostname() });
    const seed = randomBytes(50_000);
    const results = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => exchange(await relay.open(index % 2), 500_000, seed)),
    );
    for (const { sent, received, bytes } of results) {
      expect(bytes).toBe(500_000);
      expect(received).toBe(sent);
    }
    expect(relay.windows).toBe(0);
    relay.close();
    // Its process is gone with its input.
    expect(await command.ended).toEqual({ code: 0, signal: null });
  });

  it('passes each end of a connection on by itself', async () => {
    const { relay } = await start([{ socket: path('last') }]);
    const stream = await relay.open(0);
    stream.write(Buffer.alloc(300_000));
    stream.end('!');
    const answer: Buffer[] = [];
    for await (const chunk of stream) answer.push(chunk);
    expect(String(Buffer.concat(answer))).toBe('heard 300001');
  });

  it('says why a connection is refused, and goes on', async () => {
    const { relay } = await start([{ socket: path('none') }, { socket: folder }, { socket: path('echo') }]);
    expect(await failed(relay.open(0))).toMatchObject({
      code: 'channel-refused',
      message: 'The app cannot be reached from the job on here: there is no such socket.',
    });
    expect(await failed(relay.open(1))).toMatchObject({ code: 'channel-refused', detail: 'Connection refused' });
    expect(await failed(relay.open(3))).toMatchObject({
      code: 'channel-refused',
      message: expect.stringMatching(/may not open that/),
      detail: 'target 3 is not one of those given at the start',
    });
    const stream = await relay.open(2);
    stream.write('still there');
    expect(String((await once(stream, 'data'))[0])).toBe('still there');
  });

  it('tells a reset from an end', async () => {
    const { relay } = await start([{ port: rudePort }], { node: hostname() });
    const stream = await relay.open(0);
    const error = once(stream, 'error');
    stream.write('x');
    expect(await error).toMatchObject([
      { code: 'channel-refused', message: expect.stringMatching(/closed the connection/) },
    ]);
  });

  it('is not stopped by one connection that nobody reads, at either end, and keeps little of it', async () => {
    const { relay, command } = await start([
      { socket: path('endless') },
      { socket: path('deaf') },
      { socket: path('echo') },
    ]);
    await relay.open(0);
    const deaf = await relay.open(1);
    let taken = 0;
    const push = (): void => {
      deaf.write(Buffer.alloc(65_536), (error) => {
        if (error) return;
        taken += 65_536;
        push();
      });
    };
    push();
    const { sent, received } = await exchange(await relay.open(2), 5_000_000, randomBytes(65_536));
    expect(received).toBe(sent);
    // A window, and what the kernel's own buffers take.
    expect(taken).toBeLessThan(2_000_000);
    expect(command.readableLength).toBeLessThan(1_000_000);
  });

  it('can be called off', async () => {
    const { relay } = await start([{ socket: path('echo') }]);
    const abort = new AbortController();
    const opening = failed(relay.open(0, abort.signal));
    abort.abort();
    expect(await opening).toMatchObject({ code: 'cancelled' });
    expect(relay.windows).toBe(0);
    const stream = await relay.open(0);
    stream.end('on');
    expect(String((await once(stream, 'data'))[0])).toBe('on');
  });

  it('dies with its program: every connection fails, with its last words', async () => {
    const { relay, command } = await start([{ socket: path('echo') }]);
    const stream = await relay.open(0);
    const error = once(stream, 'error');
    command.child.kill('SIGKILL');
    expect(await error).toMatchObject([
      { code: 'command-failed', message: expect.stringMatching(/killed by SIGKILL/) },
    ]);
    expect(relay.closed.reason).toMatchObject({ code: 'command-failed' });
    expect(await failed(relay.open(0))).toMatchObject({ code: 'command-failed' });
  });

  it('is closed when its program no longer answers', async () => {
    let now = 0;
    const ticks: (() => void)[] = [];
    const clock = { now: () => now, sleep: () => new Promise<void>((resolve) => void ticks.push(resolve)) };
    const { relay, command } = await start([{ socket: path('echo') }], { clock });
    command.child.kill('SIGSTOP');
    for (; !relay.closed.aborted && now < 100_000; now += 15_000) {
      ticks.splice(0).forEach((tick) => {
        tick();
      });
      await delay(0);
    }
    command.child.kill('SIGKILL');
    expect(relay.closed.reason).toMatchObject({
      code: 'connection-lost',
      message: expect.stringMatching(/stopped answering/),
    });
    expect(now).toBeLessThan(80_000);
  });
});

describe('the start of a relay', () => {
  it('survives what login files and schedulers print, even its own command line', async () => {
    const noise = randomBytes(30_000).toString('base64');
    const wrap = (command: string) => `echo ${quote(command)}; echo ${noise}; echo ${noise} >&2; ${command}`;
    const { relay } = await start([{ socket: path('echo') }], { wrap });
    const stream = await relay.open(0);
    stream.write('x');
    expect(String((await once(stream, 'data'))[0])).toBe('x');
  });

  it.each([
    [
      'what the way in says',
      () => 'echo "srun: error: Job 5 has expired" >&2; exit 1',
      /ended \(exit code 1\): srun: error: Job 5 has expired/,
    ],
    ['a node without python3', (command: string) => command.replaceAll('python', 'no-python'), /python3 is not there/],
    [
      'a terminal',
      (command: string) => `python3 -c 'import pty,sys; pty.spawn(sys.argv[1:])' sh -c ${quote(command)}`,
      /is a terminal/,
    ],
    [
      'bytes that are changed on the way',
      (command: string) =>
        `{ ${command}; } | perl -e '$|=1; while (sysread(STDIN, $b, 4096)) { $b =~ s/\\r\\n/\\n/g; print $b }'`,
      /changed on the way/,
    ],
    ['endless noise', () => 'yes', /more than 1048576 bytes before its first word/],
  ])('says %s', async (_, wrap, message) => {
    const error = await failed(start([{ socket: path('echo') }], { wrap }));
    expect(error).toMatchObject({ code: 'command-failed' });
    expect(`${error?.message} ${error?.detail}`).toMatch(message);
  });

  it('opens no port on another node than the one meant', async () => {
    const error = await failed(start([{ port }], { node: 'elsewhere' }));
    expect(error?.message).toMatch(/gave up: for elsewhere, but this is/);
  });

  it('has a limit, and can be called off, and leaves no process', async () => {
    const commands: LocalCommand[] = [];
    const run = async () => {
      const made = new LocalCommand('exec sleep 100');
      commands.push(made);
      return made;
    };
    const signal = AbortSignal.timeout(50);
    const options = { run, targets: [], node: '', where: 'the job on here', clock: systemClock, signal };
    expect(await failed(startRelay(options))).toMatchObject({ code: 'cancelled' });
    const [command] = commands;
    expect(command?.destroyed).toBe(true);
    command?.child.kill();
  });
});
