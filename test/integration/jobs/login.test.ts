import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../../../electron/shared/jobs.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { JobClient } from './job-client.ts';

let open: TestCore;
let jobs: JobClient;
const made: string[] = [];

beforeAll(async () => {
  open = await openTestCore({ demo: true });
  jobs = new JobClient(open);
  await open.until('demo connected', ({ clusters }) =>
    clusters.some(({ cluster, connection }) => cluster.demo && connection.state === 'connected'),
  );
});
afterAll(async () => {
  for (const id of made) await open.request('jobs.remove', { id }).catch(() => undefined);
  await open.close();
});

async function create(input: { name: string; script?: string; key?: string; recipe?: string }): Promise<Job> {
  const job = await open.request('jobs.create', { clusterId: 'demo', ...input });
  made.push(job.id);
  return job;
}

const script = '#!/bin/sh\necho begins\ntr a-z A-Z <in/word.txt >result.txt\n';

describe('a job of the demo cluster', () => {
  test('goes from a script and an input to a result', async () => {
    const job = await create({ name: 'Größe & more', script });
    expect(job).toMatchObject({ state: 'new', launcher: 'login', native: null, submittedAt: null, values: null });
    expect(job.directory).toMatch(new RegExp(`/tunel-jobs/grosse-more-${job.id}$|/tunel-jobs/gro-e-more-${job.id}$`));
    expect(statSync(job.directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(job.directory, 'script.sh')).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(join(job.directory, 'job.json'), 'utf8'))).toMatchObject({
      version: 1,
      id: job.id,
      name: 'Größe & more',
      values: null,
    });
    expect((await open.request('jobs.get', { id: job.id })).script).toBe(script);
    expect(await open.request('jobs.log', { id: job.id, offset: 0 })).toMatchObject({ text: '', size: 0 });

    expect(await jobs.put(job.id, 'in/word.txt', 'hello\n')).toBe(6);
    expect(await jobs.names(job.id)).toEqual(['in', 'job.json', 'job.log', 'script.sh']);
    const submitted = await open.request('jobs.submit', { id: job.id });
    expect(submitted.state).not.toBe('new');
    expect(await open.request('jobs.submit', { id: job.id })).toMatchObject({ id: job.id });
    const over = await jobs.untilOver(job.id);
    expect(over).toMatchObject({ state: 'completed', error: null, native: { exitCode: 0 } });
    expect(over.submittedAt).not.toBeNull();
    expect(over.endedAt).not.toBeNull();

    expect(await jobs.names(job.id)).toEqual(['in', 'job.json', 'job.log', 'result.txt', 'script.sh']);
    expect(await jobs.read(job.id, 'result.txt')).toBe('HELLO\n');
    expect(await jobs.read(job.id, 'result.txt', { offset: 1, length: 3 })).toBe('ELL');
    expect(await jobs.read(job.id, 'job.log')).toContain('begins');
    expect((await open.request('jobs.log', { id: job.id, offset: 0 })).text).toContain('begins');

    await open.request('jobs.removeFile', { id: job.id, path: 'in/word.txt' });
    await open.request('jobs.removeFile', { id: job.id, path: 'in' });
    expect(await jobs.names(job.id)).not.toContain('in');
    await open.request('jobs.remove', { id: job.id });
    expect(existsSync(job.directory)).toBe(false);
    expect(readdirSync(join(job.directory, '..')).filter((name) => name.includes(job.id))).toEqual([]);
    await expect(open.request('jobs.get', { id: job.id })).rejects.toMatchObject({ code: 'not-found' });
    expect(open.state().jobs.some(({ id }) => id === job.id)).toBe(false);
  });

  test('fails with its own code, and is canceled when that is asked for', async () => {
    const failing = await create({ name: 'fails', script: '#!/bin/sh\nexit 3\n' });
    const waiting = await create({ name: 'waits', script: '#!/bin/sh\nsleep 600\n' });
    await expect(open.request('jobs.cancel', { id: waiting.id })).rejects.toMatchObject({ code: 'conflict' });
    await open.request('jobs.submit', { id: failing.id });
    await open.request('jobs.submit', { id: waiting.id });
    await jobs.until(waiting.id, 'active', ({ state }) => state === 'active');
    await expect(open.request('jobs.remove', { id: waiting.id })).rejects.toMatchObject({ code: 'conflict' });
    await expect(open.request('jobs.update', { id: waiting.id, name: 'x' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await open.request('jobs.cancel', { id: waiting.id });
    expect(await jobs.untilOver(waiting.id)).toMatchObject({ state: 'canceled', error: null });
    await open.request('jobs.cancel', { id: waiting.id });
    const failed = await jobs.untilOver(failing.id);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'job-failed' }, native: { exitCode: 3 } });
  });

  test('runs the script as it was changed, here or on the cluster', async () => {
    const job = await create({ name: 'changed', script: '#!/bin/sh\necho one\n' });
    const updated = await open.request('jobs.update', {
      id: job.id,
      name: 'renamed',
      script: '#!/bin/sh\necho two\n',
      resources: { time: 5 },
    });
    expect(updated).toMatchObject({ name: 'renamed', directory: job.directory, resources: { time: 5 } });
    expect(readFileSync(join(job.directory, 'script.sh'), 'utf8')).toBe('#!/bin/sh\necho two\n');
    writeFileSync(join(job.directory, 'script.sh'), '#!/bin/sh\necho three\n');
    await open.request('jobs.submit', { id: job.id });
    await jobs.untilOver(job.id);
    expect(await jobs.read(job.id, 'job.log')).toContain('three');
    expect((await open.request('jobs.get', { id: job.id })).script).toBe('#!/bin/sh\necho three\n');
  });

  test('comes from a recipe, with its values', async () => {
    const job = await open.request('jobs.create', { clusterId: 'demo', name: 'from a recipe', recipe: 'array' });
    made.push(job.id);
    expect(job.values).toEqual({ recipe: 'array', args: {} });
    expect((await open.request('jobs.get', { id: job.id })).script).toMatch(/^#!/);
    await open.request('jobs.submit', { id: job.id });
    expect(await jobs.untilOver(job.id)).toMatchObject({ state: 'completed' });
    const app = { clusterId: 'demo', name: 'an app', recipe: 'hello' };
    await expect(open.request('jobs.create', app)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('a job that is run again', () => {
  test('gets the inputs and the script of the first, and none of its results', async () => {
    const key = `again-${Date.now()}`;
    const first = await create({ name: 'first', script: `${script}date >in/late.txt\n` });
    await jobs.put(first.id, 'in/word.txt', 'hello\n');
    await jobs.put(first.id, 'in/odd name\t$(id)', 'odd');
    await jobs.put(first.id, 'gone', 'x');
    await open.request('jobs.submit', { id: first.id });
    await jobs.untilOver(first.id);
    await open.request('jobs.removeFile', { id: first.id, path: 'gone' });
    const again = await open.request('jobs.rerun', { id: first.id, resources: { time: 7 }, key });
    made.push(again.id);
    expect(again).toMatchObject({ state: 'new', name: 'first', rerunOf: first.id, resources: { time: 7 } });
    expect(await jobs.names(again.id)).toEqual(['in', 'job.json', 'job.log', 'script.sh']);
    expect(await jobs.names(again.id, 'in')).toEqual(['odd name\t$(id)', 'word.txt']);
    expect((await open.request('jobs.rerun', { id: first.id, resources: { time: 7 }, key })).id).toBe(again.id);
    await expect(open.request('jobs.rerun', { id: first.id, key })).rejects.toMatchObject({ code: 'key-reused' });
    await open.request('jobs.submit', { id: again.id });
    await jobs.untilOver(again.id);
    expect(await jobs.read(again.id, 'result.txt')).toBe('HELLO\n');
  });

  test('may have been launched as apps are', async () => {
    const { id } = await open.request('instances.launch', { clusterId: 'demo', recipe: 'array' });
    made.push(id);
    await jobs.untilOver(id);
    const again = await open.request('jobs.rerun', { id, name: 'array again' });
    made.push(again.id);
    expect(again).toMatchObject({ state: 'new', values: { recipe: 'array' }, rerunOf: id });
    expect(await open.request('jobs.archive', { id, archived: true })).toMatchObject({ archived: true });
    expect((await open.request('jobs.query', { text: id })).jobs).toEqual([]);
    const archived = await open.request('jobs.query', { text: id, archived: true });
    expect(archived.jobs).toMatchObject([{ id, state: 'completed', archived: true }]);
  });

  test('cannot be held where there is no queue', async () => {
    const job = await create({ name: 'no queue', script: '#!/bin/sh\nsleep 600\n' });
    await expect(open.request('jobs.hold', { id: job.id })).rejects.toMatchObject({ code: 'conflict' });
    await open.request('jobs.submit', { id: job.id });
    await jobs.until(job.id, 'active', ({ state }) => state === 'active');
    await expect(open.request('jobs.hold', { id: job.id })).rejects.toMatchObject({ code: 'conflict' });
    await expect(open.request('jobs.release', { id: job.id })).rejects.toMatchObject({ code: 'conflict' });
    await open.request('jobs.cancel', { id: job.id });
    await jobs.untilOver(job.id);
  });
});

/** A stand-in for bumps, with its command line and its files. */
const environment = join(import.meta.dirname, '../recipes/stand-ins');

describe('a fit', () => {
  test('leaves its curve, session and plots, and goes on in another job', async () => {
    const args = { environment, model: 'film.py', fit: 'de', steps: 40 };
    const first = await open.request('jobs.create', { clusterId: 'demo', name: 'fit', recipe: 'bumps', args });
    made.push(first.id);
    await jobs.put(first.id, 'film.py', 'problem = None\n');
    await open.request('jobs.submit', { id: first.id });
    expect(await jobs.untilOver(first.id)).toMatchObject({ state: 'completed' });
    expect(await jobs.names(first.id, 'out')).toContain('film-model0.png');
    expect(await jobs.read(first.id, 'run.mon')).toMatch(/^step 40 cost \S+ \[final\]$/m);

    const rerun = { id: first.id, results: ['run.h5', 'run.mon'] };
    await expect(open.request('jobs.rerun', { ...rerun, results: ['out/none'] })).rejects.toMatchObject({
      code: 'not-found',
    });
    const next = await open.request('jobs.rerun', rerun);
    made.push(next.id);
    expect(next).toMatchObject({ state: 'new', values: { recipe: 'bumps', args } });
    expect(await jobs.names(next.id)).toEqual(['film.py', 'job.json', 'job.log', 'run.h5', 'run.mon', 'script.sh']);
    await open.request('jobs.submit', { id: next.id });
    await jobs.untilOver(next.id);
    const curve = await jobs.read(next.id, 'run.mon');
    expect(curve).toMatch(/^step 40 cost \S+ \[final\]$[\s\S]*^step 80 cost \S+ \[final\]$/m);
    expect(curve.match(/^step 41 /gm)).toHaveLength(1);
  });
});

describe('a job that was launched as apps are', () => {
  test('is a job, too', async () => {
    const { id } = await open.request('instances.launch', { clusterId: 'demo', recipe: 'array' });
    made.push(id);
    const over = await jobs.untilOver(id);
    expect(over).toMatchObject({
      state: 'completed',
      values: { recipe: 'array' },
      directory: expect.stringMatching(/^\//),
    });
    const { jobs: found } = await open.request('jobs.query', { text: id });
    expect(found).toMatchObject([{ id, state: 'completed' }]);
  });
});

describe('the files of a job', () => {
  test('are in its directory only', async () => {
    const job = await create({ name: 'paths', script });
    for (const path of ['/etc/passwd', '../x', 'a/../../x', 'a//b', 'a\nb', 'a\0b', '.', '', 'a/']) {
      const input = { id: job.id, path };
      await expect(open.request('jobs.removeFile', input), path).rejects.toMatchObject({ code: 'bad-input' });
      await expect(open.core.openStream('jobs.upload', input), path).rejects.toMatchObject({ code: 'bad-input' });
      await expect(open.core.openStream('jobs.download', input), path).rejects.toMatchObject({ code: 'bad-input' });
    }
    const outside = join(job.directory, '..', `outside-${job.id}`);
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), 'kept');
    symlinkSync(outside, join(job.directory, 'out'));
    symlinkSync(join(outside, 'kept'), join(job.directory, 'link'));
    symlinkSync(join(outside, 'new'), join(job.directory, 'dangling'));
    for (const path of ['out/new', 'out/sub/new', 'link', 'dangling']) {
      await expect(jobs.put(job.id, path, 'x'), path).rejects.toMatchObject({ code: 'not-permitted' });
    }
    await expect(open.request('jobs.removeFile', { id: job.id, path: 'out/kept' })).rejects.toMatchObject({
      code: 'not-permitted',
    });
    expect(readdirSync(outside)).toEqual(['kept']);
    await open.request('jobs.removeFile', { id: job.id, path: 'link' });
    expect(readFileSync(join(outside, 'kept'), 'utf8')).toBe('kept');
    await expect(jobs.put(job.id, 'job.json', '{}')).rejects.toMatchObject({ code: 'conflict' });
    mkdirSync(join(job.directory, 'full'));
    writeFileSync(join(job.directory, 'full', 'x'), '');
    await expect(jobs.put(job.id, 'full', 'x')).rejects.toMatchObject({ code: 'conflict' });
    await expect(open.request('jobs.removeFile', { id: job.id, path: 'full' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(jobs.read(job.id, 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await expect(open.request('jobs.removeFile', { id: job.id, path: 'nowhere' })).rejects.toMatchObject({
      code: 'not-found',
    });
    rmSync(outside, { recursive: true });
    await expect(jobs.put(job.id, 'script.sh/x', 'x')).rejects.toMatchObject({ code: 'not-found' });
    const odd = 'odd $(id) `x` "name" \'1\' ü';
    await jobs.put(job.id, `${odd}/${odd}`, 'odd');
    expect(await jobs.read(job.id, `${odd}/${odd}`)).toBe('odd');
  });
});

describe('a request of a job', () => {
  test('is refused where it cannot be', async () => {
    const refused = async (input: Record<string, unknown>) => {
      const error = await open.core.request('jobs.create', { clusterId: 'demo', ...input }).then(
        () => null,
        (failure: { code: string }) => failure.code,
      );
      return error;
    };
    expect(await refused({ name: 'x' })).toBe('bad-input');
    expect(await refused({ name: 'x', script: '   ' })).toBe('bad-input');
    expect(await refused({ name: 'x', script: 'a\0b' })).toBe('bad-input');
    expect(await refused({ name: 'x', script, recipe: 'array' })).toBe('bad-input');
    expect(await refused({ name: '  ', script })).toBe('bad-input');
    expect(await refused({ name: 'a\nb', script })).toBe('bad-input');
    expect(await refused({ name: 'x', script, colour: 'red' })).toBe('bad-input');
    expect(await refused({ name: 'x', recipe: 'no-such-recipe' })).toBe('not-found');
    expect(await refused({ name: 'x', script, workDirectory: '/no/such/folder' })).toBe('not-found');
    expect(await refused({ name: 'x', script, launcher: 'slurm' })).toBe('command-missing');
    expect(await refused({ clusterId: 'nowhere', name: 'x', script })).toBe('not-found');
    expect(open.state().jobs.filter(({ name }) => name === 'x')).toEqual([]);
    expect(existsSync(join(homedir(), 'tunel-jobs', 'x'))).toBe(false);
    for (const name of ['jobs.get', 'jobs.submit', 'jobs.cancel', 'jobs.remove'] as const) {
      await expect(open.request(name, { id: 'aaaaaaaaaa' }), name).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  test('with a key makes one job, however often it comes', async () => {
    const input = { name: 'keyed', script, key: `k-${Date.now()}` };
    const all = await Promise.all([create(input), create(input), create(input)]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect((await create(input)).id).toBe(all[0]?.id);
    await expect(create({ ...input, name: 'other' })).rejects.toMatchObject({ code: 'key-reused' });
  });

  test('finds jobs by what is known of them', async () => {
    const first = await create({ name: 'query alpha', script });
    const second = await create({ name: 'query beta', script });
    const find = (input: object) => open.request('jobs.query', { text: 'query', ...input });
    expect((await find({})).jobs.map(({ id }) => id)).toEqual([second.id, first.id]);
    const page = await find({ limit: 1 });
    expect(page.jobs.map(({ id }) => id)).toEqual([second.id]);
    expect((await find({ limit: 1, cursor: page.next })).jobs.map(({ id }) => id)).toEqual([first.id]);
    expect((await find({ states: ['completed'] })).jobs).toEqual([]);
    await open.request('jobs.archive', { id: first.id, archived: true });
    expect((await find({ states: ['new'] })).jobs.map(({ id }) => id)).toEqual([second.id]);
    expect((await find({ archived: true })).jobs.map(({ id }) => id)).toEqual([first.id]);
    expect((await find({ from: second.createdAt + 1 })).jobs).toEqual([]);
    await expect(find({ cursor: 'x' })).rejects.toMatchObject({ code: 'bad-input' });
  });
});
