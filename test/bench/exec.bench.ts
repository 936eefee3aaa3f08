import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { systemClock } from '../../electron/core/clock.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { Tunel } from '../helpers/cli.ts';
import { eventually } from '../helpers/instance.ts';
import { median, Rig } from './distance/rig.ts';

/**
 * `exec true`, and calls of the API that only read, beside OpenSSH in the same run: cold (a new connection each time) beside `ssh`, warm beside `ssh` over a
 * ControlMaster. Needs openssh-server on this machine and `npm run build`. `BENCH_ROUNDS`: 7 unless given; `BENCH_BASHRC`:
 * the user's start-up file, e.g. `sleep 1.5`; empty unless given.
 */
const DELAYS = [0, 80];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);

let rig: Rig;
let tunel: Tunel;
let home = '';
let client: CoreClient;
const clusters = new Map<number, string>();
const masters: ReturnType<typeof spawn>[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-bench-'));
  writeFileSync(join(home, '.bashrc'), process.env.BENCH_BASHRC ?? '');
  rig = await Rig.start(DELAYS, [`SetEnv HOME=${home}`]);
  tunel = new Tunel(join(import.meta.dirname, '../../dist/cli.js'), home);
  delete tunel.environment.TUNEL_NO_ENGINE;
  await tunel.run('clusters', 'list');
  client = tunel.client();
  for (const delay of DELAYS) {
    const input = clusterInputSchema.parse({
      name: `delay${delay}`,
      host: '127.0.0.1',
      port: rig.port(delay),
      user: rig.user,
      methods: ['key'],
      keyFiles: [rig.keyFile],
      knownHostsFile: rig.knownHosts,
    });
    clusters.set(delay, (await client.request('clusters.save', { input })).id);
    masters.push(rig.ssh('-M', '-N', '-S', control(delay), `delay${delay}`));
  }
}, 120_000);
afterAll(async () => {
  await tunel?.stopEngine();
  for (const master of masters) master.kill();
  await rig?.dispose();
  rmSync(home, { recursive: true, force: true });
});

const control = (delay: number) => join(rig.folder, `control${delay}`);

async function timed(file: string, args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`);
  return performance.now() - begin;
}

const ssh = (...args: string[]) => timed('ssh', ['-F', rig.sshConfig, ...args, 'true']);
function cli(delay: number): Promise<number> {
  const [file = '', ...rest] = tunel.argv;
  return timed(file, [...rest, 'exec', `delay${delay}`, '--', 'true']);
}

const listBySsh = (delay: number) =>
  timed('ssh', ['-F', rig.sshConfig, '-S', control(delay), `delay${delay}`, 'ls', '-la']);

async function timedCall(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await call();
  return performance.now() - begin;
}

/** As the command does it, without the start of a process. */
async function engine(delay: number): Promise<number> {
  const begin = performance.now();
  const target = { clusterId: clusters.get(delay) ?? '' };
  const stream = await client.openStream('terminals.exec', { target, script: 'exec true' });
  stream.data.resume();
  await stream.closed;
  return performance.now() - begin;
}

async function compare(what: string, runs: Record<string, () => Promise<number>>): Promise<void> {
  const seen = new Map(Object.keys(runs).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(runs)) seen.get(name)?.push(await run());
  }
  const first = median([...seen.values()][0] ?? []);
  const text = [...seen].map(
    ([name, times]) => `${name} ${Math.round(median(times))} ms (${(median(times) / first).toFixed(2)})`,
  );
  console.log(`${what}: ${text.join(', ')}`);
}

const disconnect = (delay: number) => client.request('clusters.disconnect', { id: clusters.get(delay) ?? '' });

describe('exec true', () => {
  it.each(DELAYS)('cold, %i ms', { timeout: 600_000 }, async (delay) => {
    const cold = async (run: () => Promise<number>) => {
      await disconnect(delay);
      return run();
    };
    await compare(`cold, ${delay} ms`, {
      ssh: () => ssh(`delay${delay}`),
      'tunel exec': () => cold(() => cli(delay)),
      engine: () => cold(() => engine(delay)),
    });
  });

  it.each(DELAYS)('warm, %i ms', { timeout: 600_000 }, async (delay) => {
    await client.request('clusters.connect', { id: clusters.get(delay) ?? '' });
    await eventually(
      () => ssh('-S', control(delay), `delay${delay}`).catch(() => 0),
      (ms) => ms > 0,
    );
    await engine(delay);
    const runs = {
      'ssh over a ControlMaster': () => ssh('-S', control(delay), `delay${delay}`),
      'tunel exec': () => cli(delay),
      engine: () => engine(delay),
    };
    await compare(`warm, in a row, ${delay} ms`, runs);
    const rested = Object.entries(runs).map(([name, run]) => [name, () => systemClock.sleep(1500).then(run)] as const);
    await compare(`warm, ${delay} ms`, Object.fromEntries(rested));
  });
});

describe('a call that reads', () => {
  it.each(DELAYS)('%i ms', { timeout: 600_000 }, async (delay) => {
    const clusterId = clusters.get(delay) ?? '';
    await client.request('clusters.connect', { id: clusterId });
    await eventually(
      () => listBySsh(delay).catch(() => 0),
      (ms) => ms > 0,
    );
    await client.request('files.list', { clusterId, path: '~' });
    await compare(`a read, ${delay} ms`, {
      'ssh over a ControlMaster, ls': () => listBySsh(delay),
      'files.list': () => timedCall(() => client.request('files.list', { clusterId, path: '~' })),
      'jobs.query': () => timedCall(() => client.request('jobs.query', { clusterId, limit: 50 })),
      'clusters.list': () => timedCall(() => client.request('clusters.list', undefined)),
    });
  });
});
