import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { engineClient, killEngine } from '../helpers/engine.ts';
import { eventually } from '../helpers/instance.ts';
import { connectTo } from './distance/connect.ts';
import { median, Rig } from './distance/rig.ts';

/** Files to and from a cluster at 80 ms, compared with scp and rsync over a connection that is open already. */
const DELAY = 80;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SMALL_FILES = 2000;
const MEGABYTES = Number(process.env.BENCH_MB ?? 200);

const run = promisify(execFile);
let rig: Rig;
let client: CoreClient;
let clusterId = '';
let local = '';
const data = () => join(rig.folder, 'data');

beforeAll(async () => {
  rig = await Rig.start([0, DELAY]);
  local = join(rig.folder, 'local');
  mkdirSync(local);
  const block = randomBytes(1e6);
  writeFileSync(join(local, 'big'), Buffer.concat(Array.from({ length: MEGABYTES }, () => block)));
  const control = join(rig.folder, 'control');
  rig.ssh('-M', '-N', '-S', control, `delay${DELAY}`);
  await eventually(
    () =>
      run('ssh', ['-F', rig.sshConfig, '-S', control, '-O', 'check', `delay${DELAY}`]).then(
        () => true,
        () => false,
      ),
    (isUp) => isUp,
  );
  client = await engineClient(data());
  const input = clusterInputSchema.parse({
    name: `delay${DELAY}`,
    host: '127.0.0.1',
    port: rig.port(DELAY),
    user: rig.user,
    methods: ['key'],
    keyFiles: [rig.keyFile],
    knownHostsFile: rig.knownHosts,
  });
  ({ id: clusterId } = await client.request('clusters.save', { input }));
  await client.request('clusters.connect', { id: clusterId });
}, 120_000);
afterAll(async () => {
  if (!rig) return;
  killEngine(data());
  await rig.dispose();
});

const scp = (...args: string[]) =>
  run('scp', ['-q', '-F', rig.sshConfig, '-o', `ControlPath=${join(rig.folder, 'control')}`, ...args]);

async function upload(from: string, path: string): Promise<void> {
  const stream = await client.openStream('files.upload', { clusterId, path, size: statSync(from).size });
  stream.data.resume();
  await pipeline(createReadStream(from, { highWaterMark: 1024 * 1024 }), stream.data, { end: true });
  expect(await stream.closed).toEqual({ bytes: statSync(from).size });
}

async function download(path: string, to: string): Promise<void> {
  const stream = await client.openStream('files.download', { clusterId, path });
  await pipeline(stream.data, createWriteStream(to));
  expect(await stream.closed).toEqual({ bytes: statSync(to).size });
}

async function uploadFolder(from: string, path: string): Promise<void> {
  const stream = await client.openStream('files.uploadArchive', { clusterId, path });
  stream.data.resume();
  await pipeline(spawn('tar', ['-C', from, '-cf', '-', '.']).stdout, stream.data);
  await stream.closed;
}

async function downloadFolder(path: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const stream = await client.openStream('files.downloadArchive', { clusterId, path });
  // tar ends with the archive, a moment before the stream does.
  const script = 'tar -C "$1" -xf - && cat >/dev/null';
  const tar = spawn('sh', ['-c', script, 'sh', to], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(tar, 'close');
  await pipeline(stream.data, tar.stdin);
  await stream.closed;
  await ended;
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

async function besides(what: string, theirs: () => Promise<unknown>, ours: () => Promise<unknown>): Promise<void> {
  const seen = { theirs: [] as number[], ours: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    seen.theirs.push(await seconds(theirs));
    seen.ours.push(await seconds(ours));
  }
  const [other, own] = [median(seen.theirs), median(seen.ours)];
  const all = seen.ours.map((value) => value.toFixed(2)).join(' ');
  console.log(
    `${what}: ${other.toFixed(2)} s, tunel ${own.toFixed(2)} s (${all}), time ${(own / other).toFixed(2)}x, rate ${(other / own).toFixed(2)}x`,
  );
}

const same = async (one: string, other: string) => run('cmp', [one, other]);

it(`one file of ${MEGABYTES} MB up, beside scp`, { timeout: 600_000 }, async () => {
  const [from, to, ours] = [join(local, 'big'), join(rig.remote, 'scp'), join(rig.remote, 'tunel')];
  await besides(
    'upload beside scp',
    () => scp(from, `delay${DELAY}:${to}`),
    () => upload(from, ours),
  );
  await same(from, ours);
});

it(`one file of ${MEGABYTES} MB down, beside scp`, { timeout: 600_000 }, async () => {
  const [from, to, ours] = [join(local, 'big'), join(local, 'scp'), join(local, 'tunel')];
  await besides(
    'download beside scp',
    () => scp(`delay${DELAY}:${from}`, to),
    () => download(from, ours),
  );
  await same(from, ours);
  rmSync(to);
  rmSync(ours);
});

it(`${SMALL_FILES} small files both ways, beside rsync`, { timeout: 600_000 }, async () => {
  const from = join(local, 'small');
  for (let folder = 0; folder < 20; folder += 1) {
    mkdirSync(join(from, `folder${folder}`), { recursive: true });
    for (let file = 0; file < SMALL_FILES / 20; file += 1) {
      writeFileSync(join(from, `folder${folder}`, `file${file}`), randomBytes(randomInt(200, 4000)));
    }
  }
  let round = 0;
  const next = () => {
    round += 1;
    return `rsync${round}`;
  };
  const shell = `ssh -F ${rig.sshConfig} -S ${join(rig.folder, 'control')}`;
  const rsync = (one: string, other: string) => run('rsync', ['-a', '-e', shell, `${one}/`, `${other}/`]);
  await besides(
    'small files up beside rsync',
    () => rsync(from, `delay${DELAY}:${join(rig.remote, next())}`),
    () => uploadFolder(from, join(rig.remote, `folder${round}`)),
  );
  await run('diff', ['-r', from, join(rig.remote, 'folder1')]);
  await besides(
    'small files down beside rsync',
    () => rsync(`delay${DELAY}:${from}`, join(local, next())),
    () => downloadFolder(from, join(local, `folder${round}`)),
  );
  await run('diff', ['-r', from, join(local, `folder${round}`)]);
});

it('1 GB both ways while the keys are renewed each MB, equal hashes', { timeout: 900_000 }, async () => {
  const rekeying = await Rig.start([0], ['RekeyLimit 1M']);
  try {
    const connection = await connectTo(rekeying, 0);
    const block = randomBytes(1e6);
    const [sent, received] = [createHash('sha256'), createHash('sha256')];
    const source = async function* () {
      for (let at = 0; at < 1000; at += 1) {
        const chunk = Buffer.from(block);
        chunk.writeUInt32BE(at);
        sent.update(chunk);
        yield chunk;
      }
    };
    const path = join(rekeying.remote, 'big');
    const up = await seconds(() => connection.upload(path, source(), { size: 1e9 }));
    const down = await seconds(() => connection.download(path, async (chunk) => void received.update(chunk)));
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    console.log(`1 GB with RekeyLimit 1M: up ${up.toFixed(1)} s, down ${down.toFixed(1)} s, equal hashes`);
    connection.close();
  } finally {
    await rekeying.dispose();
  }
});
