import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { systemClock } from '../../electron/core/clock.ts';
import type { Relay } from '../../electron/core/routes/relay/relay.ts';
import { type RelayOptions, startRelay } from '../../electron/core/routes/relay/start-relay.ts';
import { LocalCommand } from './local-command.ts';

/** A relay whose program runs on this machine. */
export async function localRelay(
  targets: RelayOptions['targets'],
  { wrap, ...more }: Partial<RelayOptions> & { wrap?: (command: string) => string } = {},
): Promise<{ relay: Relay; command: LocalCommand }> {
  const commands: LocalCommand[] = [];
  const relay = await startRelay({
    run: async (command) => {
      const made = new LocalCommand(wrap ? wrap(command) : command);
      commands.push(made);
      return made;
    },
    node: '',
    where: 'the job on here',
    clock: systemClock,
    targets,
    ...more,
  });
  const [command] = commands;
  if (!command) throw new Error('no command was run');
  return { relay, command };
}

/** Sends `size` bytes, and reads until the other side ends; their hashes. Never more than a few chunks in memory. */
export async function exchange(
  stream: Duplex,
  size: number,
  seed: Buffer,
): Promise<{ sent: string; received: string; bytes: number }> {
  const sent = createHash('sha256');
  const received = createHash('sha256');
  let bytes = 0;
  const writing = write(stream, size, seed, sent);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    received.update(chunk);
    bytes += chunk.length;
  }
  await writing;
  return { sent: sent.digest('hex'), received: received.digest('hex'), bytes };
}

async function write(stream: Duplex, size: number, seed: Buffer, hash: Hash): Promise<void> {
  for (let left = size; left > 0; left -= seed.length) {
    const chunk = left < seed.length ? seed.subarray(0, left) : seed;
    hash.update(chunk);
    if (!stream.write(chunk)) await once(stream, 'drain');
  }
  stream.end();
}
