import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openCommandStream } from '../../../electron/core/ssh/shells/command-stream.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { LocalChannel } from '../../helpers/local-channel.ts';

const SIZE = 16 * 1024 * 1024;
const floods = `head -c ${SIZE} /dev/zero | tr '\\0' x >&2`;
const channels: LocalChannel[] = [];
afterEach(() => {
  for (const channel of channels.splice(0)) channel.signal('KILL');
});

function open(script: string, stderr: PassThrough) {
  const channel = new LocalChannel('/bin/sh', ['-s']);
  channels.push(channel);
  return openCommandStream('here', channel.asChannel, script, new AbortController().signal, () => null, { stderr });
}

/** Until nothing has moved for many turns of the loop. */
async function untilStill(count: () => number): Promise<number> {
  let before = -1;
  for (let still = 0; still < 5000; still += 1) {
    await turn();
    if (count() !== before) still = 0;
    before = count();
  }
  return before;
}

test('error output that nobody reads waits at the other end, and comes whole when it is read', async () => {
  const stderr = new PassThrough();
  const command = await open(floods, stderr);
  void command.ended.then(() => stderr.end());
  command.resume().end();
  await once(stderr, 'readable');
  expect(await untilStill(() => stderr.readableLength + stderr.writableLength)).toBeLessThan(1024 * 1024);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stderr as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    hash.update(chunk);
  }
  expect(bytes).toBe(SIZE);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(Buffer.alloc(SIZE, 'x')).digest('hex'));
  expect(await command.ended).toEqual({ code: 0, signal: null });
});

test.each(['the command', 'the reader'])(
  'a command is over when %s is destroyed with unread error output',
  async (which) => {
    const stderr = new PassThrough();
    const command = await open(floods, stderr);
    command
      .on('error', () => undefined)
      .resume()
      .end();
    await untilStill(() => stderr.readableLength + stderr.writableLength);
    if (which === 'the command') command.destroy();
    else stderr.destroy();
    await command.ended;
  },
);

test('a command that breaks before anybody listens ends with its reason, and the process goes on', async () => {
  const channel = new LocalChannel('/bin/sh', ['-s']);
  channels.push(channel);
  const lost = new AppError('connection-lost', 'Lost.');
  const command = await openCommandStream('here', channel.asChannel, 'cat', new AbortController().signal, () => lost);
  channel.close();
  await command.ended;
  expect(command.errored).toBe(lost);
});
