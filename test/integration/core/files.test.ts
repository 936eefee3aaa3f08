import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../electron/shared/errors.ts';
import { clusterOf, saveCluster } from '../../helpers/apps.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { engineClient, killEngine } from '../../helpers/engine.ts';
import { eventually } from '../../helpers/instance.ts';

const own = 'tunel-file-requests';
let open: TestCore;
let info: ClusterInfo;
let clusterId = '';

const failure = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('it went well')),
    (error: unknown) => AppError.from(error),
  );
const at = (name: string) => ({ clusterId, path: `~/${own}/${name}` });
const names = async (name: string) => (await open.request('files.list', at(name))).entries.map((entry) => entry.name);

async function upload(name: string, text: string): Promise<void> {
  const { data, closed } = await open.core.openStream('files.upload', at(name), new AbortController().signal);
  data.resume().end(text);
  await closed;
}

beforeAll(async () => {
  await holdClusters(['login'], 'shared');
  open = await openTestCore({ resume: false });
  info = await upCluster('login');
  clusterId = await saveCluster(open, info);
  await asUser('ada', info, 'login', `rm -rf ~/${own}; mkdir -p ~/${own}/closed/in; chmod 0 ~/${own}/closed`);
});
afterAll(async () => {
  await asUser('ada', info, 'login', `chmod 700 ~/${own}/closed; rm -rf ~/${own}`);
  await open?.close();
});

describe('files of a cluster', () => {
  test('are sent, described, moved and removed', async () => {
    await open.request('files.makeDirectory', { ...at('a/b'), parents: true });
    await upload('a/b/it\'s "one"', '12345');
    const sent = await open.request('files.stat', at('a/b/it\'s "one"'));
    expect(sent).toMatchObject({ path: `/home/ada/${own}/a/b/it's "one"`, kind: 'file', size: 5, mode: 0o600 });
    await upload('a/b/it\'s "one"', 'abcde');
    expect((await open.request('files.stat', at('a/b/it\'s "one"'))).version).not.toBe(sent.version);
    await open.request('files.move', { ...at('a/b/it\'s "one"'), newPath: `~/${own}/a/two` });
    expect(await names('a')).toEqual(['b', 'two']);
    const usage = await open.request('files.usage', at('a'));
    expect(usage).toMatchObject({ complete: true, folders: [{ name: 'b' }] });
    expect(await failure(open.request('files.remove', at('a')))).toMatchObject({ code: 'conflict' });
    await open.request('files.remove', { ...at('a'), recursive: true });
    expect(await failure(open.request('files.stat', at('a')))).toMatchObject({ code: 'not-found' });
  });

  test('that are in the way, closed, absent or home fail with a code each', async () => {
    await upload('one', '1');
    await upload('two', '2');
    const move = (more: object = {}) => open.request('files.move', { ...at('one'), newPath: `~/${own}/two`, ...more });
    expect(await failure(move())).toMatchObject({ code: 'conflict', message: expect.stringContaining('already') });
    await move({ replace: true });
    expect(await failure(move({ path: `~/${own}/absent`, newPath: 'x' }))).toMatchObject({ code: 'not-found' });
    expect(await failure(open.request('files.makeDirectory', at('two')))).toMatchObject({ code: 'conflict' });
    expect(await failure(open.request('files.makeDirectory', at('no/such')))).toMatchObject({ code: 'not-found' });
    for (const ask of ['files.stat', 'files.remove', 'files.makeDirectory'] as const)
      expect(await failure(open.request(ask, at('closed/in/x'))), ask).toMatchObject({ code: 'not-permitted' });
    expect(await open.request('files.usage', at(''))).toMatchObject({ complete: false });
    for (const path of ['~', `~/${own}/..`, '/home', `~/${own}/../../ada`])
      expect(await failure(open.request('files.remove', { clusterId, path, recursive: true })), path).toMatchObject({
        code: 'bad-input',
      });
    for (const path of ['a\0b', 'a\nb'])
      expect(await failure(open.request('files.remove', { clusterId, path }))).toMatchObject({ code: 'bad-input' });
    expect(await names('')).toEqual(['closed', 'two']);
  });
});

/** In each direction; an engine takes some seconds to start and to sign in. */
const KILLS = Number(process.env.TUNEL_KILLS ?? 3);

test('a transfer goes on after kill -9 of the engine at random moments, and no file is ever half', {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-kill-'));
  const data = join(folder, 'data');
  const there = join(info.shared, 'home/ada', own);
  try {
    const client = await engineClient(data);
    const { id: hpc } = await client.request('clusters.save', { input: clusterOf(info) });
    const from = join(folder, 'sent');
    mkdirSync(from);
    writeFileSync(join(from, 'large'), randomBytes(60_000_000));
    for (let file = 0; file < 40; file += 1) writeFileSync(join(from, `file${file}`), randomBytes(20_000 * file));
    const same = (one: string, other: string) => readFileSync(one).equals(readFileSync(other));
    const ends = [
      { direction: 'upload', sources: [from] as string[], destination: own, seen: join(there, 'sent') },
      {
        direction: 'download',
        sources: [`${own}/sent`] as string[],
        destination: `${folder}/got`,
        seen: join(folder, 'got/sent'),
      },
    ] as const;
    for (const { seen, ...start } of ends) {
      const { id } = await client.request('transfers.start', { clusterId: hpc, limit: 20_000_000, ...start });
      // An engine that dies gives no answer; the next one does.
      const look = () => client.request('transfers.get', { id }).catch(() => null);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const enough = 60_000_000 * ((kill - Math.random()) / KILLS);
        await eventually(look, (now) => now !== null && now.bytes.done > enough);
        killEngine(data);
        const names = existsSync(seen) ? readdirSync(seen).filter((name) => !name.endsWith('.part')) : [];
        for (const name of names) expect(statSync(join(seen, name)).size, name).toBe(statSync(join(from, name)).size);
      }
      expect(await eventually(look, (now) => now !== null && now.endedAt !== null)).toMatchObject({
        ...{ state: 'completed', error: null, failures: [] },
        files: { total: 41, done: 41 },
      });
      expect(readdirSync(seen).sort()).toEqual(readdirSync(from).sort());
      for (const name of readdirSync(from))
        expect([name, same(join(seen, name), join(from, name))]).toEqual([name, true]);
    }
  } finally {
    killEngine(data);
    rmSync(folder, { recursive: true, force: true });
  }
});
