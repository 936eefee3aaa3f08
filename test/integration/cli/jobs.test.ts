import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { jobSchema } from '../../../electron/shared/jobs.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';

const listSchema = z.object({ entries: z.array(z.object({ name: z.string() })) });
const reportSchema = z.object({
  copied: z.array(z.string()),
  removed: z.array(z.string()),
  left: z.array(z.string()),
  unchanged: z.number(),
  bytes: z.number(),
});

let home = '';
let tunel: Tunel;
const file = (name: string, text: string): string => {
  writeFileSync(join(home, name), text);
  return join(home, name);
};

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-jobs-'));
  tunel = new Tunel(await bundleCli(), home);
});
afterAll(async () => {
  await tunel.stopEngine();
  rmSync(home, { recursive: true, force: true });
});

test('a job goes from a script and a file to its results, by commands', async () => {
  const script = file('job.sh', '#!/bin/sh\necho begins\ntr a-z A-Z <word.txt >out.txt\n');
  const made = await tunel.run(
    'jobs',
    'create',
    'demo',
    'My job',
    '--script',
    script,
    '--input',
    file('word.txt', 'hi\n'),
  );
  expect(made, made.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[a-z2-7]{10}\n$/) });
  expect(made.stderr).toContain('tunel jobs submit');
  const id = made.stdout.trim();
  const over = jobSchema.parse(await tunel.json('jobs', 'submit', id.slice(0, 6), '--wait'));
  expect(over).toMatchObject({ id, state: 'completed', name: 'My job' });
  expect((await tunel.run('jobs', 'log', '-f', id)).stdout).toBe('begins\n');
  expect((await tunel.run('jobs', 'results', id)).stdout).toMatch(/^NAME.*\njob\.json .*\njob\.log .*\nout\.txt +3 B/s);
  expect((await tunel.run('jobs', 'get', id, 'out.txt', '-')).stdout).toBe('HI\n');
  const all = join(home, 'all');
  expect(await tunel.run('jobs', 'results', id, all)).toMatchObject({ code: 0 });
  expect(readFileSync(join(all, 'out.txt'), 'utf8')).toBe('HI\n');
  expect((await tunel.run('jobs', 'show', id)).stdout).toMatch(/^state +completed$/m);
  expect((await tunel.run('jobs', 'show', id, '--script')).stdout).toBe(readFileSync(script, 'utf8'));

  const again = jobSchema.parse(await tunel.json('jobs', 'rerun', id, '--time', '9', '--title', 'Again'));
  expect(again).toMatchObject({ state: 'new', name: 'Again', rerunOf: id, resources: { time: 9 } });
  expect(await tunel.run('jobs', 'put', again.id, file('more.txt', 'more'), 'in/more.txt')).toMatchObject({ code: 0 });
  expect(await tunel.run('jobs', 'rm', again.id, 'in/more.txt', 'in')).toMatchObject({ code: 0 });
  const listed = z.array(jobSchema).parse(await tunel.json('jobs', 'ls', '--cluster', 'demo', '--state', 'new'));
  expect(listed.map((job) => job.id)).toEqual([again.id]);
  expect(await tunel.run('jobs', 'archive', again.id)).toMatchObject({ code: 0 });
  expect(await tunel.json('jobs', 'ls', '--state', 'new')).toEqual([]);
  for (const each of [id, again.id]) expect(await tunel.run('jobs', 'remove', each)).toMatchObject({ code: 0 });
  expect(existsSync(over.directory)).toBe(false);
  expect(await tunel.json('jobs')).toEqual([]);
});

test('a wrong command about jobs says what is wrong', async () => {
  const script = file('x.sh', '#!/bin/sh\nsleep 600\n');
  const id = (await tunel.run('jobs', 'create', 'demo', 'waits', '--script', script, '--submit')).stdout.trim();
  expect(await tunel.run('jobs', 'hold', id)).toMatchObject({ code: 1, stderr: expect.stringContaining('queue') });
  expect(await tunel.run('jobs', 'remove', id)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Cancel it'),
  });
  expect(await tunel.run('jobs', 'cancel', id)).toMatchObject({ code: 0 });
  const ended = await tunel.run('jobs', 'submit', id, '--wait', '--json');
  expect(ended.code).toBe(1);
  expect(jobSchema.parse(JSON.parse(ended.stdout))).toMatchObject({ id, state: 'canceled' });
  expect(await tunel.run('jobs', 'show', 'nothing')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('jobs ls'),
  });
  expect(await tunel.run('jobs', 'ls', '--state', 'lost')).toMatchObject({ code: 2 });
  expect(await tunel.run('jobs', 'get', id, '../x', '-')).toMatchObject({ code: 1 });
  expect(await tunel.run('jobs', 'create', 'demo', 'empty')).toMatchObject({ code: 1 });
  await tunel.run('jobs', 'remove', id);
});

test('a folder is synchronised both ways: what changed, by time or content, and nothing half', async () => {
  const local = join(home, 'sync');
  const write = (path: string, text: string) => {
    mkdirSync(join(local, path, '..'), { recursive: true });
    writeFileSync(join(local, path), text);
  };
  write('one', 'one');
  write('deep/er/two words', 'two');
  symlinkSync('one', join(local, 'link'));
  const sync = async (...args: string[]) => reportSchema.parse(await tunel.json('files', 'sync', ...args));
  expect(await sync(local, 'demo:to/here', '--dry-run')).toMatchObject({ copied: ['deep/er/two words', 'one'] });
  expect(await sync(local, 'demo:to/here')).toMatchObject({ copied: expect.arrayContaining(['one']), left: ['link'] });
  expect(await sync(local, 'demo:to/here')).toMatchObject({ copied: [], unchanged: 2 });

  const back = join(home, 'back');
  expect(await sync('demo:to/here', back)).toMatchObject({ unchanged: 0, bytes: 6 });
  expect(readFileSync(join(back, 'deep/er/two words'), 'utf8')).toBe('two');
  expect(await sync('demo:to/here', back)).toMatchObject({ copied: [], unchanged: 2 });

  write('one', 'ONE');
  rmSync(join(local, 'deep'), { recursive: true });
  const asked = await tunel.run('files', 'sync', local, 'demo:to/here', '--delete');
  expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('removes deep/er/two words') });
  expect(await sync(local, 'demo:to/here', '--hash')).toMatchObject({ copied: ['one'], removed: [] });
  // Of the same size, and with another time.
  expect(await sync(local, 'demo:to/here', '--hash')).toMatchObject({ copied: [], unchanged: 1 });
  const removed = await sync(local, 'demo:to/here', '--delete', '--yes');
  expect(removed).toMatchObject({ removed: ['deep/er/two words', 'deep/er', 'deep'], unchanged: 1 });
  expect(await tunel.run('files', 'cat', 'demo', 'to/here/one')).toMatchObject({ stdout: 'ONE' });
});

test('files are copied, restored from the trash and given modes, on the cluster itself', async () => {
  expect(await tunel.run('files', 'put', 'demo', file('notes.txt', 'notes'), 'kept/notes.txt')).toMatchObject({
    code: 1,
  });
  expect(await tunel.run('files', 'mkdir', 'demo', 'kept')).toMatchObject({ code: 0 });
  expect(await tunel.json('files', 'put', 'demo', join(home, 'notes.txt'), 'kept')).toMatchObject({ bytes: 5 });
  await tunel.json('files', 'cp', 'demo', 'kept/notes.txt', 'kept/copy');
  await tunel.json('files', 'chmod', 'demo', '640', 'kept/copy');
  expect(await tunel.json('files', 'stat', 'demo', 'kept/copy')).toMatchObject({ size: 5, mode: 0o640 });
  const [trashed] = z
    .array(z.object({ trash: z.string() }))
    .parse(await tunel.json('files', 'trash', 'demo', 'kept/copy'));
  const names = async () => listSchema.parse(await tunel.json('files', 'ls', 'demo', 'kept', '--all')).entries;
  expect(await names()).toMatchObject([{ name: 'notes.txt' }]);
  expect(await tunel.run('files', 'restore', 'demo', trashed?.trash ?? '')).toMatchObject({ code: 0 });
  expect(await names()).toMatchObject([{ name: 'copy' }, { name: 'notes.txt' }]);
});

test('a tunnel stays open without its command, and a launch is looked at before it is made', async ({ skip }) => {
  if (tunel.isEngineHosted) skip('an engine inside a command ends with it');
  const { port } = z.object({ port: z.number() }).parse(await tunel.json('clusters', 'show', 'demo'));
  const open = z
    .object({ id: z.string(), localSocket: z.string() })
    .parse(await tunel.json('tunnel', 'demo', '--port', String(port), '--background'));
  expect(await tunel.json('tunnels', 'ls', '--cluster', 'demo')).toMatchObject([{ id: open.id }]);
  expect(existsSync(open.localSocket)).toBe(true);
  expect(await tunel.run('tunnels', 'close', open.id.slice(0, 8))).toMatchObject({ code: 0 });
  expect(existsSync(open.localSocket)).toBe(false);
  const preview = await tunel.json('run-app', 'demo', 'hello', '--greeting=Hi you', '--dry-run');
  expect(preview).toMatchObject({ launcher: 'login', script: expect.stringContaining("--greeting 'Hi you'") });
  expect(await tunel.json('ps')).toEqual([]);
  const events = z.array(z.object({ kind: z.string() })).parse(await tunel.json('events'));
  expect(events.map(({ kind }) => kind)).toContain('connected');
});

test('a transfer is waited for, and another one is left to the engine', async () => {
  mkdirSync(join(home, 'send/deep'), { recursive: true });
  for (const name of ['one', 'deep/two']) file(`send/${name}`, name);
  const options = ['--changed', 'time', '--conflicts', 'replace'];
  const upload = ['transfers', 'upload', 'demo', 'sent', join(home, 'send'), ...options];
  expect(await tunel.json(...upload, '--wait')).toMatchObject({ state: 'completed', files: { done: 2, skipped: 0 } });
  const { id } = z.object({ id: z.string() }).parse(await tunel.json(...upload));
  expect(await tunel.json('transfers', 'wait', id)).toMatchObject({ state: 'completed', files: { skipped: 2 } });
  expect((await tunel.run('transfers', 'ls')).stdout).toContain(id);
});

test('Ctrl-C in a copy leaves no file that is not complete, here and there', async () => {
  mkdirSync(join(home, 'sync'), { recursive: true });
  writeFileSync(join(home, 'sync/large'), Buffer.alloc(400_000_000));
  const there = join(tunel.dataDirectory, 'demo/home/to/here');
  const done = await tunel.onTerminal(['files', 'sync', join(home, 'sync'), 'demo:to/here'], [['MiB', '\x03']]);
  expect(done).toMatchObject({ code: 130, stdout: expect.stringContaining('Interrupted') });
  await expect.poll(() => readdirSync(there).filter((name) => !['one', 'deep'].includes(name))).toEqual([]);
});
