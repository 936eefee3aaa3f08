import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { Tunel } from '../helpers/cli.ts';
import { median, Rig } from './distance/rig.ts';

/**
 * Bytes each way by `ssh` through `tunel proxy`, beside `ssh` alone in the same run. The proxy's bytes are encrypted twice, by
 * ssh and by the engine. Needs openssh-server on this machine and `npm run build`. `BENCH_MIB`: 256 unless given;
 * `BENCH_ROUNDS`: 5 unless given.
 */
const MIB = Number(process.env.BENCH_MIB ?? 256);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

let rig: Rig;
let tunel: Tunel;
let home = '';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-bench-'));
  rig = await Rig.start([0], [`SetEnv HOME=${home}`]);
  tunel = new Tunel(join(import.meta.dirname, '../../dist/cli.js'), home);
  delete tunel.environment.TUNEL_NO_ENGINE;
  await tunel.run('clusters', 'list');
  const input = clusterInputSchema.parse({
    name: 'bench',
    host: '127.0.0.1',
    port: rig.port(0),
    user: rig.user,
    methods: ['key'],
    keyFiles: [rig.keyFile],
    knownHostsFile: rig.knownHosts,
  });
  await tunel.client().request('clusters.save', { input });
  await tunel.run('ssh-config', 'add', '--yes');
}, 120_000);
afterAll(async () => {
  await tunel?.stopEngine();
  await rig?.dispose();
  rmSync(home, { recursive: true, force: true });
});

const proxied = (command: string) => spawn('ssh', ['-F', join(home, '.ssh/config'), 'tunel-bench', command]);
const direct = (command: string) => spawn('ssh', ['-F', rig.sshConfig, 'delay0', command]);

/** MB/s. */
async function rate(start: (command: string) => ChildProcess, direction: 'down' | 'up'): Promise<number> {
  const begin = performance.now();
  const child = start(direction === 'down' ? `head -c ${MIB}M /dev/zero` : 'cat >/dev/null');
  child.stdout?.resume();
  child.stderr?.resume();
  if (direction === 'up') {
    const block = Buffer.alloc(1024 * 1024);
    for (let sent = 0; sent < MIB; sent += 1) {
      if (!child.stdin?.write(block)) await once(child.stdin ?? child, 'drain');
    }
    child.stdin?.end();
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`ssh ended with ${code}`);
  return (MIB * 1.048576) / ((performance.now() - begin) / 1000);
}

describe('ssh through tunel proxy, beside ssh alone', () => {
  it.each(['down', 'up'] as const)('%s', { timeout: 600_000 }, async (direction) => {
    const ours: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const [one, other] = [await rate(proxied, direction), await rate(direct, direction)];
      // The first round connects and starts the engine's code.
      if (round === 0) continue;
      ours.push(one);
      plain.push(other);
    }
    const [us, them] = [median(ours), median(plain)];
    console.log(`${direction}: ${us.toFixed(0)} MB/s, ssh ${them.toFixed(0)} MB/s, ratio ${(us / them).toFixed(2)}`);
  });
});
