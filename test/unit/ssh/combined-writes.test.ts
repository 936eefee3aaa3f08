import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { combineWrites } from '../../../electron/core/ssh/client/combined-writes.ts';

class Recorder extends Writable {
  readonly calls: string[] = [];
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.calls.push(chunk.toString());
    done();
  }
  override _writev(writes: { chunk: Buffer }[], done: () => void): void {
    this.calls.push(writes.map(({ chunk }) => chunk.toString()).join('|'));
    done();
  }
}

test('what is written in one turn of the loop is sent at once, in order, and its end is not held back', async () => {
  const stream = new Recorder();
  combineWrites(stream);
  stream.write('length');
  stream.write('bytes');
  stream.write('tag');
  expect(stream.calls).toEqual([]);
  await turn();
  await turn();
  expect(stream.calls).toEqual(['length|bytes|tag']);
  stream.write('next');
  stream.end('last');
  await turn();
  await turn();
  expect(stream.calls).toEqual(['length|bytes|tag', 'next|last']);
  expect(stream.writableFinished).toBe(true);
});
