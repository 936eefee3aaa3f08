import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import {
  encodeFrame,
  encodeNumber,
  encodeStart,
  type Frame,
  FrameDecoder,
  frameKinds,
} from '../../../electron/core/routes/relay/frames.ts';
import { Relay } from '../../../electron/core/routes/relay/relay.ts';
import relayProgram from '../../../electron/core/routes/relay/relay-program.py' with { type: 'text' };
import type { CommandEnd, CommandStream } from '../../../electron/core/ssh/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { LocalCommand } from '../../helpers/local-command.ts';

/** The same cases each time (mulberry32). */
function randomness(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
  return { below, bytes, of: <T>(list: readonly T[]): T => list[below(list.length)] as T };
}
type Random = ReturnType<typeof randomness>;

const kinds = Object.values(frameKinds);
/** A header that may claim anything. */
const header = (kind: number, stream: number, length: number) => {
  const bytes = Buffer.alloc(7);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(stream, 1);
  bytes.writeUInt16BE(length, 5);
  return bytes;
};

function strange(random: Random): Buffer {
  const stream = random.of([0, 1, 2, 3, 500, 0xffff_ffff]);
  switch (random.below(6)) {
    case 0:
      return random.bytes(1 + random.below(3000));
    case 1:
      return encodeFrame(random.of(kinds), stream, random.bytes(random.below(20)));
    case 2:
      return header(random.below(256), stream, random.below(65_536));
    case 3:
      return encodeFrame(frameKinds.data, stream, Buffer.alloc(65_535));
    case 4:
      return encodeFrame(frameKinds.credit, stream, encodeNumber(random.of([0, 1, 0xffff_ffff])));
    default:
      return encodeFrame(
        random.of([frameKinds.fin, frameKinds.reset, frameKinds.opened]),
        stream,
        random.bytes(random.of([0, 1, 4])),
      );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tunel-fuzz-'));
const socket = join(folder, 'echo');
const server = createServer({ allowHalfOpen: true }, (connection) => {
  connection.on('error', () => undefined);
  connection.pipe(connection);
});
beforeAll(async () => {
  server.listen(socket);
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const startFrame = (idleSeconds = 60) => encodeStart({ targets: [{ socket }], node: '', idleSeconds });
const rawStart = (text: string) => encodeFrame(frameKinds.start, 0, Buffer.from(text, 'latin1'));
const openFrame = (stream: number) =>
  encodeFrame(frameKinds.open, stream, Buffer.concat([encodeNumber(262_144), Buffer.of(0)]));
const program = () => new LocalCommand(`exec python3 -I -S -c ${quote(relayProgram)}`);
const megabytes = (pid: number | undefined) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Gives the program those bytes and the end of its input; everything it says must be frames, and it must end. */
async function feed(input: Buffer[]): Promise<{ frames: Frame[]; end: CommandEnd; said: string }> {
  const command = program();
  command.on('error', () => undefined);
  const decoder = new FrameDecoder();
  const frames: Frame[] = [];
  command.on('data', (chunk: Buffer) => frames.push(...decoder.push(chunk)));
  for (const bytes of input) command.write(bytes);
  command.end();
  const end = await command.ended;
  return { frames, end, said: command.said };
}

describe("the relay's program, given anything", () => {
  it('ends, says why in a frame, and never fails in another way', { timeout: 60_000 }, async () => {
    const random = randomness(20_261);
    let violations = 0;
    for (let round = 0; round < 12; round++) {
      const good = random.below(2) === 0 ? [startFrame(), openFrame(1)] : [];
      const input = [...good, ...Array.from({ length: 1 + random.below(6) }, () => strange(random))];
      const { frames, end, said } = await feed(input);
      expect(said).toBe('');
      expect(frames[0]?.kind).toBe(frameKinds.hello);
      const error = frames.find(({ kind }) => kind === frameKinds.error);
      expect(end.code).toBe(error ? 1 : 0);
      expect(error?.payload.toString() ?? '').not.toMatch(/^it failed/);
      if (error) violations++;
    }
    expect(violations).toBeGreaterThan(6);
  });

  it('lives through any order of frames that is allowed', async () => {
    const random = randomness(4);
    const input = [startFrame()];
    let last = 0;
    const sent = new Map<number, number>();
    for (let count = 0; count < 3000; count++) {
      const id = 1 + random.below(last + 1);
      const soFar = sent.get(id) ?? 0;
      const what = random.below(7);
      if (what === 0 || last === 0) {
        last += 1 + random.below(3);
        const target = Buffer.of(random.below(2));
        input.push(encodeFrame(frameKinds.open, last, Buffer.concat([encodeNumber(random.below(70_000)), target])));
      } else if (id > last) {
        input.push(encodeFrame(frameKinds.ping, 0, random.bytes(8)));
      } else if (what === 1) {
        input.push(encodeFrame(frameKinds.credit, id, encodeNumber(random.below(100_000))));
      } else if (what === 2) {
        input.push(encodeFrame(frameKinds.fin, id));
        sent.set(id, Number.POSITIVE_INFINITY);
      } else if (what === 3) {
        input.push(encodeFrame(frameKinds.reset, id, Buffer.of(7)));
      } else if (soFar < 200) {
        input.push(encodeFrame(frameKinds.data, id, random.bytes(1 + random.below(300))));
        sent.set(id, soFar + 1);
      }
    }
    const { frames, end, said } = await feed(input);
    expect(said).toBe('');
    expect(frames.find(({ kind }) => kind === frameKinds.error)?.payload.toString()).toBeUndefined();
    expect(end.code).toBe(0);
  });

  it.each([
    ['a frame before the start', [openFrame(1)], /at the wrong time/],
    ['two starts', [startFrame(), startFrame()], /at the wrong time/],
    ['an empty start', [rawStart('')], /version 0/],
    ['a start of another version', [rawStart('\0\x09')], /version 9/],
    ['a start that is cut off', [rawStart('\0\x01\0\x09\0\x01\0\x09/s')], /cannot be read/],
    ['a relative path', [rawStart('\0\x01\0\x09\0\x01\0\x01s')], /cannot be read/],
    ['a port that is none', [rawStart('\0\x01\0\x09\0\x02\0\x02\0\0')], /cannot be read/],
    ['a number used twice', [startFrame(), openFrame(5), openFrame(5)], /not a new one/],
    [
      'bytes for what was never opened',
      [startFrame(), openFrame(5), encodeFrame(frameKinds.data, 6, Buffer.of(1))],
      /never opened/,
    ],
    [
      'frames out of order',
      [startFrame(), encodeFrame(frameKinds.data, 1, Buffer.of(1)), openFrame(1)],
      /never opened/,
    ],
    [
      'more than the window',
      [
        startFrame(),
        openFrame(1),
        ...Array.from({ length: 99 }, () => encodeFrame(frameKinds.data, 1, Buffer.alloc(65_535))),
      ],
      /more bytes/,
    ],
    ['a wrong length', [startFrame(), header(frameKinds.credit, 1, 60_000)], /with 60000 bytes/],
  ])('names %s', async (_, input, words) => {
    const { frames, end } = await feed(input);
    expect(frames.at(-1)?.kind).toBe(frameKinds.error);
    expect(frames.at(-1)?.payload.toString()).toMatch(words);
    expect(end.code).toBe(1);
  });

  it('takes a truncated frame for an end', async () => {
    const { frames, end } = await feed([startFrame(), header(frameKinds.data, 1, 50), Buffer.alloc(20)]);
    expect(frames.map(({ kind }) => kind)).toEqual([frameKinds.hello, frameKinds.ready]);
    expect(end.code).toBe(0);
  });

  it('stops listening to one who does not listen, instead of filling its memory', async () => {
    const command = program();
    command.on('error', () => undefined);
    command.write(startFrame());
    const pings = Buffer.concat(Array.from({ length: 2000 }, () => encodeFrame(frameKinds.ping, 0, Buffer.alloc(8))));
    // Nobody reads: what it takes is what its buffers hold.
    let taken = 0;
    for (let idle = 0; idle < 20; ) {
      const before = taken;
      if (command.writableLength === 0) {
        command.write(pings);
        taken += pings.length;
      }
      await delay(10);
      idle = taken === before ? idle + 1 : 0;
      expect(taken).toBeLessThan(20_000_000);
    }
    expect(megabytes(command.child.pid)).toBeLessThan(60);
    command.destroy();
    await command.ended;
  });

  it('ends by itself when nothing is heard any more', async () => {
    const command = program();
    command.resume();
    command.write(startFrame(1));
    expect(await command.ended).toEqual({ code: 0, signal: null });
    expect(command.said).toMatch(/nothing heard for 1 s/);
  });
});

/** A pipe whose other end is the test. */
class Pipe extends Duplex implements CommandStream {
  readonly said = '';
  readonly ended = Promise.resolve({ code: 0, signal: null });
  interrupt(): void {}
  constructor() {
    super({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  }
}

describe('the end here, given anything', () => {
  it('decodes frames however they are cut', () => {
    const random = randomness(7);
    const frames = Array.from({ length: 200 }, () =>
      encodeFrame(frameKinds.data, random.below(9), random.bytes(1 + random.below(400))),
    );
    const bytes = Buffer.concat(frames);
    for (let round = 0; round < 20; round++) {
      const decoder = new FrameDecoder();
      const found: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        const next = at + 1 + random.below(round < 2 ? 2 : 1000);
        for (const frame of decoder.push(bytes.subarray(at, next)))
          found.push(encodeFrame(frame.kind, frame.stream, frame.payload));
        at = next;
      }
      expect(Buffer.concat(found).equals(bytes)).toBe(true);
    }
  });

  it('ends with an error that says so, every opening settled, whatever comes', async () => {
    const random = randomness(99);
    let closed = 0;
    for (let round = 0; round < 100; round++) {
      const pipe = new Pipe();
      const relay = new Relay(pipe, new FrameDecoder(), [], 'the job on here', systemClock);
      const opened = [relay.open(0), relay.open(0)].map((opening) => opening.then(() => 'open', AppError.from));
      pipe.push(encodeFrame(frameKinds.opened, 1, encodeNumber(1000)));
      for (let count = random.below(6); count >= 0; count--) pipe.push(strange(random));
      await delay(0);
      if (relay.closed.aborted) {
        closed++;
        expect(relay.closed.reason).toMatchObject({
          code: 'command-failed',
          message: expect.stringMatching(/^The relay /),
        });
      }
      relay.close();
      for (const outcome of await Promise.all(opened)) {
        if (outcome instanceof AppError)
          expect(['command-failed', 'connection-lost', 'channel-refused']).toContain(outcome.code);
      }
      expect(relay.windows).toBe(0);
    }
    expect(closed).toBeGreaterThan(60);
  });

  it('takes no more of a connection than it allowed', async () => {
    const pipe = new Pipe();
    const relay = new Relay(pipe, new FrameDecoder(), [], 'the job on here', systemClock);
    const opening = relay.open(0);
    pipe.push(encodeFrame(frameKinds.opened, 1, encodeNumber(1000)));
    await opening;
    for (let count = 0; count < 6; count++) pipe.push(encodeFrame(frameKinds.data, 1, Buffer.alloc(65_000)));
    await expect.poll(() => relay.closed.aborted).toBe(true);
    expect(relay.closed.reason).toMatchObject({ message: expect.stringMatching(/more bytes than it was allowed/) });
  });
});
