import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { saveCluster } from '../../helpers/apps.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

/** What forms ask real clusters: choices, folders and shortcuts. */

const own = 'tunel-forms';
const make = `set -e
mkdir -p ~/${own}/closed ~/${own}/many
python3 -m venv --without-pip ~/${own}/.venv
cd ~/${own}; ln -s many 'link to many'; ln -s nowhere broken; echo x >"it's \\"quoted\\" \\$HOME"; echo x >.hidden
(cd many; seq -f 'file-%g' 5000 | xargs touch); chmod 0 closed
`;
const failure = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('it went well')),
    (error: unknown) => AppError.from(error),
  );

let open: TestCore;
const clusters: Record<string, { info: ClusterInfo; id: string }> = {};
const idOf = (name: string) => clusters[name]?.id ?? '';
const choices = (name: string, from: 'queues' | 'accounts' | 'gpus' | 'modules' | 'environments' | 'containers') =>
  open.request('clusters.choices', { clusterId: idOf(name), from });
const list = (path: string, more: object = {}) =>
  open.request('files.list', { clusterId: idOf('login'), path, ...more });

/** What was saved, without what the engine added. */
const inputOf = (id: string) =>
  clusterInputSchema.parse(open.state().clusters.find((entry) => entry.cluster.id === id)?.cluster);

beforeAll(async () => {
  await holdClusters(['login', 'slurm24', 'containers'], 'shared');
  open = await openTestCore({ resume: false });
  for (const name of ['login', 'slurm24', 'containers'] as const) {
    const info = await upCluster(name);
    clusters[name] = { info, id: await saveCluster(open, info) };
  }
  await asUser('ada', clusters.login!.info, 'login', make);
});
afterAll(async () => {
  const login = clusters.login?.info;
  if (login) await asUser('ada', login, 'login', `chmod 700 ~/${own}/closed; rm -rf ~/${own}`);
  await open?.close();
});

describe('choices', () => {
  test('virtual environments of the user', async () => {
    const found = await choices('login', 'environments');
    expect(found.find(({ label }) => label === own)).toMatchObject({
      value: expect.stringMatching(new RegExp(`^/home/ada/${own}/\\.venv$`)),
      detail: expect.stringMatching(/^Python 3\.\d+\.\d+, /),
    });
  });
  test('image files of the site', async () => {
    expect(await choices('containers', 'containers')).toContainEqual({
      value: '/opt/images/tunel-python.sif',
      label: 'tunel-python.sif',
      detail: expect.stringMatching(/^\d+ MB, \/opt\/images$/),
    });
  });
  test('queues and kinds of GPU of the scheduler', async () => {
    await open.request('clusters.connect', { id: idOf('slurm24') });
    await open.until('facts', ({ clusters: all }) => all.find(({ cluster }) => cluster.id === idOf('slurm24'))?.facts);
    expect((await choices('slurm24', 'queues')).map(({ value }) => value)).toEqual(
      expect.arrayContaining(['cpu', 'gpu', 'debug']),
    );
    expect((await choices('slurm24', 'gpus')).length).toBeGreaterThan(0);
    expect((await choices('slurm24', 'accounts')).length).toBeGreaterThan(0);
  });
  test('modules as the cluster’s own environment lines make them; lines that exit are an error, and retried', async () => {
    const { info, id } = clusters.slurm24!;
    // No test cluster has modules: a function stands for the command and prints what Lmod prints.
    const environment = `module() { printf '/opt/modulefiles:\\ngcc/13.1.0\\nR/4.5 (D)\\n' >&2; }`;
    const cluster = inputOf(id);
    const save = (lines: string) =>
      open.request('clusters.save', {
        id,
        input: { ...cluster, defaults: { ...cluster.defaults, environment: lines } },
      });
    await save('exit 3');
    expect(await failure(choices('slurm24', 'modules'))).toMatchObject({
      code: 'command-failed',
      hint: expect.stringContaining('environment lines'),
    });
    await save(environment);
    expect((await choices('slurm24', 'modules')).map(({ value }) => value)).toEqual(['gcc/13.1.0', 'R/4.5']);
    await save('');
    expect(info.name).toBe('slurm24');
  });
  test('a question that nobody waits for ends', async () => {
    const { id } = clusters.slurm24!;
    const cluster = inputOf(id);
    const wait = { ...cluster, defaults: { ...cluster.defaults, environment: 'sleep 300' } };
    await open.request('clusters.save', { id, input: wait });
    const cancelling = new AbortController();
    const input = { clusterId: id, from: 'environments' } as const;
    const asked = failure(open.request('clusters.choices', input, cancelling.signal));
    cancelling.abort();
    expect((await asked).code).toBe('cancelled');
    await open.request('clusters.save', {
      id,
      input: { ...cluster, defaults: { ...cluster.defaults, environment: '' } },
    });
  });
});

describe('folders', () => {
  test('are listed with odd names, links and thousands of entries', async () => {
    const { path, entries, truncated } = await list(`~/${own}`);
    expect(path).toBe(`/home/ada/${own}`);
    expect(truncated).toBe(false);
    const told = entries.map(({ name, kind, link }) => [name, kind, link]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['link to many', 'folder', true],
        ['broken', 'other', true],
        ['it\'s "quoted" $HOME', 'file', false],
        ['.hidden', 'file', false],
      ]),
    );
    expect((await list(`~/${own}/link to many`)).entries).toHaveLength(5000);
  });
  test('that are closed, absent or no folder say so', async () => {
    expect(await failure(list(`~/${own}/closed`))).toMatchObject({ code: 'not-permitted' });
    expect(await failure(list(`~/${own}/absent`))).toMatchObject({ code: 'not-found' });
    expect((await list(`~/${own}/.hidden`, { nearest: true })).path).toBe(`/home/ada/${own}`);
  });
  test('have shortcuts, the home directory first', async () => {
    const places = await open.request('files.places', { clusterId: idOf('login') });
    expect(places[0]).toEqual({ name: 'Home', path: '/home/ada' });
  });
});

test('presets are kept without secrets, each name once, over a restart', async () => {
  const input = { clusterId: idOf('login'), recipe: 'hello', args: { greeting: 'Hi' } };
  const { id } = await open.request('presets.save', { name: ' Mine ', input });
  expect(await failure(open.request('presets.save', { name: 'Mine', input }))).toMatchObject({ code: 'conflict' });
  expect(await open.request('presets.save', { name: 'Mine', input: { ...input, args: {} }, replace: true })).toEqual({
    id,
  });
  await open.request('presets.rename', { id, name: 'Other' });
  const again = await openTestCore({ data: open.data, resume: false });
  expect(again.state().presets).toMatchObject([{ id, name: 'Other', input: { recipe: 'hello', args: {} } }]);
  await again.request('presets.remove', { id });
  expect(again.state().presets).toEqual([]);
  expect(await failure(again.request('presets.remove', { id }))).toMatchObject({ code: 'not-found' });
  await again.close({ remove: false });
});
