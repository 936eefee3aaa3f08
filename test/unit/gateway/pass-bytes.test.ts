import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { passBytes } from '../../../electron/core/gateway/pass-bytes.ts';

const MIB = 1024 * 1024;
const PART = 32 * 1024;

it('passes all bytes in order, and keeps little of what a slow receiver has not taken', async () => {
  const sent = randomBytes(20 * MIB);
  const from = Readable.from(
    Array.from({ length: sent.length / PART }, (_, index) => sent.subarray(index * PART, (index + 1) * PART)),
  );
  const hash = createHash('sha256');
  let most = 0;
  const to = new Writable({
    write(chunk, _encoding, done) {
      hash.update(chunk);
      most = Math.max(most, to.writableLength);
      setImmediate(done);
    },
  });
  from.once('end', () => to.end());
  passBytes(from, to);
  await once(to, 'finish');
  expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
  expect(most).toBeGreaterThan(MIB / 2);
  expect(most).toBeLessThanOrEqual(MIB + PART);
});

it('does not stop the sender after each packet', () => {
  const from = new PassThrough();
  const to = new Writable({ write: () => undefined });
  passBytes(from, to);
  from.write(Buffer.alloc(PART));
  expect(from.isPaused()).toBe(false);
});

it('stops when it is asked to and when the receiver closes, and the rest can be let go', async () => {
  const from = new PassThrough();
  const taken: string[] = [];
  const to = new Writable({
    write(chunk, _encoding, done) {
      taken.push(String(chunk));
      done();
    },
  });
  const stop = passBytes(from, to);
  from.write('one');
  await new Promise(setImmediate);
  stop();
  from.resume();
  from.end('two');
  to.destroy();
  await once(from, 'end');
  expect(taken).toEqual(['one']);
});
