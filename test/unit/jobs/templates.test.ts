import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { createJobTemplates } from '../../../electron/core/jobs/job-templates.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { jobTemplateContentSchema } from '../../../electron/shared/job-templates.ts';

let folder: string;
let storage: Storage;
let templates: ReturnType<typeof createJobTemplates>;

const open = () => {
  storage = openStorage(folder, systemClock);
  templates = createJobTemplates({ storage, clock: systemClock });
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-templates-'));
  open();
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

const content = jobTemplateContentSchema.parse({
  clusterId: 'hpc',
  launcher: 'slurm',
  script: '#!/bin/sh\n#SBATCH --time=60\nfit\n',
  inputs: [{ path: 'in/model.json', content: 'e30=' }],
});
const save = (name: string, replace = false) => templates.save({ name, content, replace });

it('keeps templates by name, also over a restart', async () => {
  save('nightly');
  save('a fit');
  await storage.close();
  open();
  expect(templates.list().map(({ name }) => name)).toEqual(['a fit', 'nightly']);
  expect(templates.list()[1]?.content).toEqual(content);
});

it('gives a name once, unless the template is to be replaced', () => {
  const { id } = save('nightly');
  const other = save('other');
  expect(() => save('nightly')).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(save('nightly', true).id).toBe(id);
  expect(() => templates.rename({ id: other.id, name: 'nightly' })).toThrow(
    expect.objectContaining({ code: 'conflict' }),
  );
  templates.rename({ id: other.id, name: 'another' });
  expect(templates.list().map(({ name }) => name)).toEqual(['another', 'nightly']);
});

it('removes one, which can be saved again', () => {
  const { id } = save('nightly');
  templates.remove({ id });
  expect(() => templates.remove({ id })).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(templates.list()).toEqual([]);
  save('nightly');
  expect(templates.list()).toHaveLength(1);
});

it('keeps a template of a later version for that version', async () => {
  const { id } = save('nightly');
  save('other');
  await storage.close();
  const database = new Libsql(join(folder, 'history.db'));
  database
    .prepare(`update job_templates set value = replace(value, '"version":1', '"version":2') where id = ?`)
    .run(id);
  database.close();
  open();
  expect(templates.list().map(({ name }) => name)).toEqual(['other']);
  expect(storage.notices.all).toMatchObject([{ code: 'rows-kept', values: { count: 1 } }]);
});

it('takes files up to 256 kB together', () => {
  const file = (path: string, bytes: number) => ({ path, content: Buffer.alloc(bytes).toString('base64') });
  const accepts = (...inputs: { path: string; content: string }[]) =>
    jobTemplateContentSchema.safeParse({ script: 'x', inputs }).success;
  expect(accepts(file('a', 100_000), file('b', 100_000))).toBe(true);
  expect(accepts(file('a', 200_000), file('b', 100_000))).toBe(false);
  expect(accepts(file('../a', 10))).toBe(false);
});
