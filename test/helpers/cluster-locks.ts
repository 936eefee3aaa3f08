import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Clusters in the order in which a test file takes them, so that no two files wait for each other. */
const order = ['login', 'slurm24', 'slurm22', 'htcondor', 'gridengine', 'containers'] as const;
export type ClusterName = (typeof order)[number];

const held = new Set<ClusterName>();

/**
 * Keeps clusters for this test file until its process ends: files of one run that use different clusters run side by side.
 * Playwright runs one file at a time, and a file run by hand shares with everyone.
 */
export async function holdClusters(names: readonly ClusterName[]): Promise<void> {
  if (process.env.VITEST === undefined) return;
  for (const name of order.filter((candidate) => names.includes(candidate) && !held.has(candidate))) {
    const late = order.slice(order.indexOf(name) + 1).find((other) => held.has(other));
    if (late) throw new Error(`Take ${name} before ${late}: call holdClusters with both in the file's first hook.`);
    held.add(name);
    await lock(name);
  }
}

/** The lock is held by a process that ends with this one, as its input does. */
async function lock(name: ClusterName): Promise<void> {
  const folder = resolve(import.meta.dirname, '../../test-results/locks');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.ppid}-${name}`);
  const child = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`flock ended with ${code} and holds no cluster.`);
  });
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => {});
  child.unref();
  for (const stream of [child.stdin, child.stdout])
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}
