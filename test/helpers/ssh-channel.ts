import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { quote } from '../../electron/shared/shell-quote.ts';
import type { ClusterInfo } from './clusters.ts';
import { eventually } from './instance.ts';

/** A session of ssh that runs one command, as a channel of Tunel's does. */
export class SshChannel {
  readonly child: ChildProcessWithoutNullStreams;
  #kept: Buffer[] = [];
  #length = 0;
  #ended = false;
  #said = '';

  constructor(cluster: ClusterInfo, command: string) {
    const { ssh_config: config, keys, entry } = cluster;
    this.child = spawn('ssh', [
      '-F',
      config,
      '-o',
      'BatchMode=yes',
      '-l',
      'ada',
      '-i',
      keys.ada ?? '',
      entry,
      `exec /bin/sh -c ${quote(command)}`,
    ]);
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.#kept.push(chunk);
      this.#length += chunk.length;
    });
    this.child.on('close', () => {
      this.#ended = true;
    });
  }

  async read(size: number): Promise<Buffer> {
    await eventually(
      async () => this.#length,
      (length) => length >= size || this.#ended,
    );
    const all = Buffer.concat(this.#kept);
    const taken = all.subarray(0, size);
    this.#kept = [all.subarray(size)];
    this.#length = all.length - taken.length;
    if (taken.length < size) throw new Error(`ended after ${taken.length} of ${size} bytes: ${this.#said}`);
    return taken;
  }
}

/** What `checkWayIn` runs in a job: words that want quoting, then whatever comes goes back. */
export const wayInCommand = `hostname; printf '%s\\n' 'a "b" $c'; exec cat`;

/** A launcher's `enter` leads to `node`, passes bytes unchanged both ways while it is open, and is then cut off. */
export async function checkWayIn(cluster: ClusterInfo, command: string, node: string, size: number): Promise<void> {
  const channel = new SshChannel(cluster, command);
  try {
    expect((await channel.read(node.length + 10)).toString()).toBe(`${node}\na "b" $c\n`);
    const bytes = randomBytes(size);
    channel.child.stdin.write(bytes);
    expect((await channel.read(size)).equals(bytes)).toBe(true);
  } finally {
    channel.child.kill('SIGKILL');
  }
}
