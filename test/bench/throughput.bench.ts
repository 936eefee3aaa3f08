import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { engineClient, killEngine } from '../helpers/engine.ts';
import { eventually } from '../helpers/instance.ts';
import { answers, cpuOf, freePort, median, Rig } from './distance/rig.ts';

/**
 * Our tunnels compared with `ssh -L` to the same server in the same run, at several distances. Needs openssh-server on this
 * machine. `BENCH_ROUNDS`: 3 unless given.
 */
const DELAYS = [0, 20, 80];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const DOWNLOAD_MB: Record<number, number> = { 0: 1000, 20: 400, 80: 200 };
const UPLOAD_MB: Record<number, number> = { 0: 500, 20: 200, 80: 100 };

interface Forward {
  name: 'ssh' | 'tunel';
  port: number;
  /** Its client's process. */
  pid: number;
}

let rig: Rig;
let client: CoreClient;
let enginePid = 0;
const data = () => join(rig.folder, 'data');
const forwards = new Map<number, Forward[]>();

beforeAll(async () => {
  rig = await Rig.start(DELAYS);
  client = await engineClient(data());
  ({ pid: enginePid } = await client.request('engine.status', undefined));
  for (const delay of DELAYS) forwards.set(delay, [await openssh(delay), await tunel(delay)]);
}, 120_000);
afterAll(async () => {
  if (!rig) return;
  killEngine(data());
  await rig.dispose();
});

async function openssh(delay: number): Promise<Forward> {
  const port = await freePort();
  const child = rig.ssh('-N', '-L', `127.0.0.1:${port}:${rig.appSocket}`, `delay${delay}`);
  await eventually(
    () => answers(port),
    (isUp) => isUp,
  );
  return { name: 'ssh', port, pid: child.pid ?? 0 };
}

async function tunel(delay: number): Promise<Forward> {
  const input = clusterInputSchema.parse({
    name: `delay${delay}`,
    host: '127.0.0.1',
    port: rig.port(delay),
    user: rig.user,
    methods: ['key'],
    keyFiles: [rig.keyFile],
    knownHostsFile: rig.knownHosts,
  });
  const { id } = await client.request('clusters.save', { input });
  const { local } = await client.request('tunnels.open', {
    clusterId: id,
    target: { node: '', socket: rig.appSocket },
    local: { kind: 'port', port: 0 },
  });
  if (local.kind !== 'port') throw new Error('no port');
  return { name: 'tunel', port: local.port, pid: enginePid };
}

/** A new connection and all of its bytes, MB/s, and what the client's process spent on it, s/GB. */
async function download({ port, pid }: Forward, megabytes: number): Promise<{ rate: number; cpu: number }> {
  const bytes = megabytes * 1e6;
  const cpuBefore = cpuOf(pid);
  const begin = performance.now();
  let received = 0;
  const socket = connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer: Buffer.allocUnsafe(1024 * 1024),
      callback(size) {
        received += size;
        return true;
      },
    },
  });
  socket.write(`d${bytes}`);
  await once(socket, 'close');
  const ms = performance.now() - begin;
  if (received !== bytes) throw new Error(`${received} of ${bytes} bytes came`);
  return { rate: megabytes / (ms / 1000), cpu: (cpuOf(pid) - cpuBefore) / (megabytes / 1000) };
}

async function upload({ port, pid }: Forward, megabytes: number): Promise<{ rate: number; cpu: number }> {
  const bytes = megabytes * 1e6;
  const block = Buffer.alloc(1e6, 'tunel upload ');
  const cpuBefore = cpuOf(pid);
  const begin = performance.now();
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write('u');
  for (let sent = 1; sent < bytes; sent += block.length) {
    const part = block.subarray(0, Math.min(block.length, bytes - sent));
    if (!socket.write(part)) await once(socket, 'drain');
  }
  socket.end();
  const [answer] = await once(socket, 'data');
  const ms = performance.now() - begin;
  if (Number(String(answer)) !== bytes) throw new Error(`${answer} of ${bytes} bytes arrived`);
  socket.destroy();
  return { rate: megabytes / (ms / 1000), cpu: (cpuOf(pid) - cpuBefore) / (megabytes / 1000) };
}

/** From the connection until one byte has come back, ms. */
async function roundTrip({ port }: Forward): Promise<number> {
  const begin = performance.now();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write('x');
  await once(socket, 'data');
  socket.destroy();
  return performance.now() - begin;
}

const format = (value: number) => value.toFixed(value < 10 ? 2 : 0);

function report(what: string, unit: string, seen: Record<Forward['name'], number[]>): void {
  const [ssh, ours] = [median(seen.ssh), median(seen.tunel)];
  const all = seen.tunel.map(format).join(' ');
  console.log(
    `${what}: ssh ${format(ssh)} ${unit}, tunel ${format(ours)} (${all}), ratio ${(ours / ssh).toFixed(2)}, first ${((seen.tunel[0] ?? 0) / (seen.ssh[0] ?? 1)).toFixed(2)}`,
  );
}

/** In turns, so that other load of the machine meets both alike. */
async function compare(
  what: string,
  delay: number,
  megabytes: number,
  transfer: (forward: Forward, megabytes: number) => Promise<{ rate: number; cpu: number }>,
): Promise<void> {
  const rate = { ssh: [] as number[], tunel: [] as number[] };
  const cpu = { ssh: [] as number[], tunel: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const forward of forwards.get(delay) ?? []) {
      const seen = await transfer(forward, megabytes);
      rate[forward.name].push(seen.rate);
      cpu[forward.name].push(seen.cpu);
    }
  }
  report(`${what}, ${delay} ms`, 'MB/s', rate);
  report(`${what}, ${delay} ms, client's processor time`, 's/GB', cpu);
}

describe('through a forward', () => {
  it.each(DELAYS)('download, %i ms', { timeout: 600_000 }, async (delay) => {
    await compare('download', delay, DOWNLOAD_MB[delay] ?? 100, download);
  });

  it.each(DELAYS)('upload, %i ms', { timeout: 600_000 }, async (delay) => {
    await compare('upload', delay, UPLOAD_MB[delay] ?? 100, upload);
  });

  it.each(DELAYS)('new connection, %i ms', { timeout: 600_000 }, async (delay) => {
    const times = { ssh: [] as number[], tunel: [] as number[] };
    for (let round = 0; round < 5 * ROUNDS; round += 1) {
      for (const forward of forwards.get(delay) ?? []) times[forward.name].push(await roundTrip(forward));
    }
    report(`new connection, ${delay} ms`, 'ms', times);
  });
});
