import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { ServerChannel } from 'ssh2';
import { afterEach, describe, expect, test } from 'vitest';
import { controlChannel, controlSftp } from '../../../electron/core/ssh/client/ssh2-flow.ts';
import { localServer } from '../../helpers/ssh-server.ts';

const MIB = 1024 * 1024;
const block = randomBytes(MIB);
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function open(onSocket: (channel: ServerChannel) => void): Promise<Duplex> {
  const { connection, close } = await localServer(onSocket);
  closers.push(close);
  return connection.openSocket('/any');
}

/** Sends blocks until all are gone; `sent` says how many left for the channel. */
function sender(blocks: number) {
  const state = { sent: 0 };
  const send = async (channel: ServerChannel) => {
    while (state.sent < blocks) {
      if (!channel.write(block)) await once(channel, 'drain');
      state.sent += 1;
    }
    channel.end();
  };
  return { state, onSocket: (channel: ServerChannel) => void send(channel) };
}

const hashOf = (blocks: number) => {
  const hash = createHash('sha256');
  for (let at = 0; at < blocks; at += 1) hash.update(block);
  return hash.digest('hex');
};

describe('a channel of the installed ssh2', () => {
  test('brings every byte in order to a reader that pauses, then its end', async () => {
    const channel = await open(sender(40).onSocket);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of channel as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      if (bytes % 7 === 0) await turn();
    }
    expect(bytes).toBe(40 * MIB);
    expect(hash.digest('hex')).toBe(hashOf(40));
  });

  test('stops a sender whose bytes nobody reads, and goes on when they are read', async () => {
    const { state, onSocket } = sender(200);
    const channel = await open(onSocket);
    let before = -1;
    // The sender stands still when nothing moved for many turns of the loop.
    for (let still = 0; still < 2000; still += 1) {
      await turn();
      if (state.sent !== before) still = 0;
      before = state.sent;
    }
    expect(state.sent).toBeGreaterThan(0);
    expect(state.sent).toBeLessThanOrEqual(64);
    const hash = createHash('sha256');
    for await (const chunk of channel as AsyncIterable<Buffer>) hash.update(chunk);
    expect(hash.digest('hex')).toBe(hashOf(200));
  });

  test('closes while its reader is behind', async () => {
    const channel = await open(sender(3).onSocket);
    await once(channel, 'readable');
    channel.resume();
    await once(channel, 'close');
    expect(channel.readableEnded).toBe(true);
  });

  test('carries what is sent, beside what is received', async () => {
    const channel = await open((peer) => peer.pipe(peer));
    const hash = createHash('sha256');
    const sent = (async () => {
      for (let at = 0; at < 20; at += 1) if (!channel.write(block)) await once(channel, 'drain');
      channel.end();
    })();
    for await (const chunk of channel as AsyncIterable<Buffer>) hash.update(chunk);
    await sent;
    expect(hash.digest('hex')).toBe(hashOf(20));
  });
});

test('a channel of another kind keeps the window that it has', () => {
  const channel = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  expect(controlChannel(channel, () => 0)).toBe(false);
  expect(controlSftp({}, () => 0)).toBe(false);
});
