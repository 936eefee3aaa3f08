import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { readEngineAddress } from '../../electron/client/engine-address.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import type { RequestInput } from '../../electron/shared/contract/index.ts';
import { isTransferOver } from '../../electron/shared/transfers.ts';
import { engineClient, killEngine } from '../helpers/engine.ts';
import { eventually } from '../helpers/instance.ts';
import { Rig } from './distance/rig.ts';

/** Transfers of the engine, beside programs that use a connection that is open already, at several distances. */
const DELAYS = [0, 20, 80];
const MEGABYTES = Number(process.env.BENCH_MB ?? 200);
/** Less where the disk is short. */
const LARGE_MEGABYTES = Number(process.env.BENCH_LARGE_MB ?? 10_000);
const SMALL_FILES = 2000;
const LOSSES = 10;

const run = promisify(execFile);
let rig: Rig;
let client: CoreClient;
let line: BreakableLine;
let local = '';
const clusters = new Map<number, string>();
const data = () => join(rig.folder, 'data');
const control = (delay: number) => join(rig.folder, `control${delay}`);

/** Passes bytes to a server and counts them; all its connections can be broken at once. */
class BreakableLine {
  bytes = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on('data', (chunk) => {
          this.bytes += chunk.length;
        });
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

async function saveCluster(name: string, port: number): Promise<string> {
  const input = clusterInputSchema.parse({
    name,
    host: '127.0.0.1',
    port,
    user: rig.user,
    methods: ['key'],
    keyFiles: [rig.keyFile],
    knownHostsFile: rig.knownHosts,
  });
  const { id } = await client.request('clusters.save', { input });
  await client.request('clusters.connect', { id });
  return id;
}

beforeAll(async () => {
  rig = await Rig.start(DELAYS);
  local = join(rig.folder, 'local');
  mkdirSync(local);
  const block = randomBytes(1e6);
  writeFileSync(join(local, 'big'), Buffer.concat(Array.from({ length: MEGABYTES }, () => block)));
  for (let folder = 0; folder < 20; folder += 1) {
    mkdirSync(join(local, `small/folder${folder}`), { recursive: true });
    for (let file = 0; file < SMALL_FILES / 20; file += 1) {
      writeFileSync(join(local, `small/folder${folder}/file${file}`), randomBytes(randomInt(200, 4000)));
    }
  }
  client = await engineClient(data());
  line = new BreakableLine(rig.port(0));
  const broken = await line.listen();
  const key = readFileSync(join(rig.folder, 'host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(rig.knownHosts, `[127.0.0.1]:${broken} ${key}\n`, { flag: 'a' });
  clusters.set(-1, await saveCluster('broken', broken));
  for (const delay of DELAYS) {
    clusters.set(delay, await saveCluster(`delay${delay}`, rig.port(delay)));
    rig.ssh('-M', '-N', '-S', control(delay), `delay${delay}`);
    const check = ['-F', rig.sshConfig, '-S', control(delay), '-O', 'check', `delay${delay}`];
    const isUp = () =>
      run('ssh', check).then(
        () => true,
        () => false,
      );
    await eventually(isUp, (up) => up);
  }
}, 240_000);
afterAll(async () => {
  line?.close();
  if (!rig) return;
  killEngine(data());
  await rig.dispose();
});

type Start = Omit<RequestInput<'transfers.start'>, 'clusterId'>;

async function transfer(delay: number, start: Start, during?: (done: number) => void): Promise<void> {
  const clusterId = clusters.get(delay) ?? '';
  const { id } = await client.request('transfers.start', { clusterId, conflicts: 'replace', ...start });
  for (;;) {
    const now = await client.request('transfers.get', { id });
    if (isTransferOver(now)) {
      expect(now).toMatchObject({ state: 'completed', failures: [] });
      return;
    }
    during?.(now.bytes.done);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
};

async function compare(what: string, works: Record<string, () => Promise<unknown>>): Promise<void> {
  const times: string[] = [];
  let own = 0;
  for (const [name, work] of Object.entries(works)) {
    const time = await seconds(work);
    if (name === 'tunel') own = time;
    times.push(`${name} ${time.toFixed(2)} s${name === 'tunel' ? '' : ` (tunel ${(time / own).toFixed(2)}x as fast)`}`);
  }
  console.log(`${what}: ${times.join(', ')}`);
}

describe.each(DELAYS)('at %i ms', (delay) => {
  const host = `delay${delay}`;
  const ssh = () => ['-F', rig.sshConfig, '-o', `ControlPath=${control(delay)}`];
  const there = (name: string) => join(rig.remote, `${delay}-${name}`);
  const sftp = (command: string) =>
    run('sh', ['-c', `printf '%s\\n' "$1" | sftp -q -b - ${ssh().join(' ')} ${host}`, 'sh', command]);
  const shell = () => `ssh ${ssh().join(' ')}`;
  /** Debian's cannot use a connection that is open already. */
  const rclone = (from: string, to: string) =>
    run('rclone', [
      'copyto',
      ...['--sftp-host', '127.0.0.1', '--sftp-port', String(rig.port(delay)), '--sftp-user', rig.user],
      ...['--sftp-key-file', rig.keyFile, '--sftp-shell-type', 'unix', from, to],
    ]);

  it(`one file of ${MEGABYTES} MB both ways`, { timeout: 900_000 }, async () => {
    const big = join(local, 'big');
    mkdirSync(there('tunel'));
    await compare(`${delay} ms, up`, {
      tunel: () => transfer(delay, { direction: 'upload', sources: [big], destination: there('tunel') }),
      scp: () => run('scp', ['-q', ...ssh(), big, `${host}:${there('scp')}`]),
      sftp: () => sftp(`put ${big} ${there('sftp')}`),
      rsync: () => run('rsync', ['-e', shell(), big, `${host}:${there('rsync')}`]),
      rclone: () => rclone(big, `:sftp:${there('rclone')}`),
    });
    await run('cmp', [big, join(there('tunel'), 'big')]);
    const back = (name: string) => join(local, `${delay}-${name}`);
    await compare(`${delay} ms, down`, {
      tunel: () => transfer(delay, { direction: 'download', sources: [big], destination: back('tunel') }),
      scp: () => run('scp', ['-q', ...ssh(), `${host}:${big}`, back('scp')]),
      sftp: () => sftp(`get ${big} ${back('sftp')}`),
      rsync: () => run('rsync', ['-e', shell(), `${host}:${big}`, back('rsync')]),
      rclone: () => rclone(`:sftp:${big}`, back('rclone')),
    });
    await run('cmp', [big, join(back('tunel'), 'big')]);
    for (const name of ['tunel', 'scp', 'sftp', 'rsync', 'rclone']) {
      for (const path of [there(name), back(name)]) rmSync(path, { recursive: true, force: true });
    }
  });

  it(`${SMALL_FILES} small files both ways`, { timeout: 600_000 }, async () => {
    const small = join(local, 'small');
    await compare(`${delay} ms, small files up`, {
      tunel: () => transfer(delay, { direction: 'upload', sources: [small], destination: there('many') }),
      rsync: () => run('rsync', ['-a', '-e', shell(), `${small}/`, `${host}:${there('rsynced')}/`]),
    });
    await run('diff', ['-r', small, join(there('many'), 'small')]);
    const back = (name: string) => join(local, `${delay}-${name}`);
    await compare(`${delay} ms, small files down`, {
      tunel: () => transfer(delay, { direction: 'download', sources: [small], destination: back('many') }),
      rsync: () => run('rsync', ['-a', '-e', shell(), `${host}:${small}/`, `${back('rsynced')}/`]),
    });
    await run('diff', ['-r', small, join(back('many'), 'small')]);
  });
});

it.each(['upload', 'download'] as const)(
  `%s with ${LOSSES} losses at random moments`,
  { timeout: 600_000 },
  async (direction) => {
    const big = join(local, 'big');
    const { size } = statSync(big);
    const destination = join(direction === 'upload' ? rig.remote : local, `broken-${direction}`);
    const moments = Array.from({ length: LOSSES }, () => Math.random() * size).sort((one, other) => one - other);
    const before = line.bytes;
    let most = 0;
    await transfer(-1, { direction, sources: [big], destination }, (done) => {
      most = Math.max(most, memoryOfEngine());
      if (moments[0] === undefined || done < moments[0]) return;
      while (moments[0] !== undefined && moments[0] <= done) moments.shift();
      line.cut();
    });
    await run('cmp', [big, join(destination, 'big')]);
    const again = (line.bytes - before - size) / 1e6;
    console.log(
      `${direction} with losses: ${(again / LOSSES).toFixed(2)} MB again for each, engine at most ${most} MB`,
    );
  },
);

it('the memory of the engine stays flat during a large upload', { timeout: 3_600_000 }, async () => {
  // Of zeros that take no disk here; there a third of what is free is left to others.
  const { bavail, bsize } = statfsSync(rig.remote);
  const megabytes = Math.min(LARGE_MEGABYTES, Math.floor((bavail * bsize * 2) / 3e6));
  const source = join(local, 'zeros');
  writeFileSync(source, '');
  truncateSync(source, megabytes * 1e6);
  const destination = join(rig.remote, 'zeros-there');
  const most = [0, 0];
  await transfer(0, { direction: 'upload', sources: [source], destination }, (done) => {
    const half = done < megabytes * 0.5e6 ? 0 : 1;
    most[half] = Math.max(most[half] ?? 0, memoryOfEngine());
  });
  expect(statSync(join(destination, 'zeros')).size).toBe(megabytes * 1e6);
  rmSync(destination, { recursive: true });
  console.log(`${megabytes} MB up: engine at most ${most[0]} MB in the first half, ${most[1]} MB in the second`);
  expect(most[1]).toBeLessThan((most[0] ?? 0) + 64);
});

/** Resident, MB. */
function memoryOfEngine(): number {
  const { pid = 0 } = readEngineAddress(data()) ?? {};
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
