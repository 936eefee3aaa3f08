import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { jobSchema } from '../../../electron/shared/jobs.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';

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
