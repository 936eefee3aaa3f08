import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Clusters in the order in which a test file takes them, so that no two files wait for each other. */
const order = ['login', 'slurm24', 'slurm22', 'htcondor', 'gridengine', 'containers'] as const;
export type ClusterName = (typeof order)[number];

/**
 * `alone`: the file disturbs everybody on the cluster, as by cutting its network or filling its queue.
 * `alone as NAME`: it disturbs what this person has there, as by ending all of their sessions or apps.
 * `shared`: it acts as ada and disturbs nobody.
 */
export type ClusterUse = 'alone' | 'alone as ada' | 'alone as ben' | 'shared';

export interface Resource {
  name: string;
  mode: 'shared' | 'exclusive';
}

const held = new Map<string, ClusterUse>();

/** What a file locks, in the order in which it does. */
export function resourcesOf(cluster: ClusterName, use: ClusterUse): Resource[] {
  if (use === 'alone') return [{ name: cluster, mode: 'exclusive' }];
  const [, person = 'ada'] = /^alone as (\w+)$/.exec(use) ?? [];
  return [
    { name: cluster, mode: 'shared' },
    { name: `${cluster}-${person}`, mode: use === 'shared' ? 'shared' : 'exclusive' },
  ];
}

/**
 * Keeps clusters for this test file until its process ends: files that do not disturb each other run side by side, in one run
 * or in several at once. Playwright runs one file at a time and takes none.
 */
export async function holdClusters(names: readonly ClusterName[], use: ClusterUse = 'alone'): Promise<void> {
  if (process.env.VITEST === undefined) return;
  const wanted = order.filter((name) => names.includes(name) && !held.has(name));
  for (const name of wanted) {
    const late = order.slice(order.indexOf(name) + 1).find((other) => held.has(other));
    if (late) throw new Error(`Take ${name} before ${late}: call holdClusters with both in the file's first hook.`);
    held.set(name, use);
    await hold(resourcesOf(name, use));
  }
}

/** For a file that keeps the processors busy by itself; taken before any cluster, since others wait for it with none. */
export async function holdProcessors(): Promise<void> {
  if (process.env.VITEST === undefined) return;
  if (held.size > 0) throw new Error('Call holdProcessors before the first cluster is taken.');
  await hold([{ name: 'processors', mode: 'exclusive' }]);
}

async function hold(resources: readonly Resource[]): Promise<void> {
  // The clusters are the machine's, whichever checkout a run is made from.
  const folder = join(tmpdir(), `tunel-test-locks-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { child } = await lock(folder, resources);
  child.unref();
  for (const stream of [child.stdin, child.stdout])
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}

/**
 * Takes locks one after the other, says so, and holds them until its input ends, as it does with whoever wrote into it.
 * A gate in front of each lock is passed one at a time: those who come after an exclusive holder that waits wait behind it.
 */
export const lockScript = `folder=$1
shift
for resource in "$@"; do
  name=\${resource#*:}
  exec {gate}>"$folder/$name.gate" {lock}>"$folder/$name"
  flock "$gate"
  flock "--\${resource%%:*}" "$lock"
  exec {gate}>&-
done
echo held
exec cat >/dev/null`;

export const lockArguments = (folder: string, resources: readonly Resource[]): string[] => [
  '-ec',
  lockScript,
  'lock',
  folder,
  ...resources.map(({ name, mode }) => `${mode}:${name}`),
];

export interface Lock {
  child: ChildProcessByStdio<Writable, Readable, null>;
  release(): Promise<void>;
}

/** Resolves when all of them are held. */
export async function lock(folder: string, resources: readonly Resource[]): Promise<Lock> {
  const child = spawn('bash', lockArguments(folder, resources), { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => Number(code));
  const failed = ended.then((code) => {
    throw new Error(`The lock of ${resources.map(({ name }) => name).join(', ')} ended with ${code}.`);
  });
  failed.catch(() => {});
  await Promise.race([once(child.stdout, 'data'), failed]);
  return {
    child,
    release: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
