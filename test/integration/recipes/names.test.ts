import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

/** A name is resolved in the engine, so that programs and commands start the same recipe. */

const folder = mkdtempSync(join(tmpdir(), 'tunel-names-'));
let open: TestCore;
let clusterId: string;

beforeAll(async () => {
  open = await openTestCore();
  clusterId = (await open.request('clusters.save', { input: { name: 'names', host: 'names.invalid', user: 'ada' } }))
    .id;
});
afterAll(async () => {
  await open?.close();
  rmSync(folder, { recursive: true, force: true });
});

const preview = (recipe: string, args = {}) =>
  open.request('recipes.preview', { clusterId, recipe, launcher: 'slurm', args });

test('the legacy spelling means our recipe until a source has that name, in requests as well', async () => {
  expect((await preview('slurm/socket/jupyter', { jupyterlab: 'true' })).script).toContain('jupyter');
  const own = join(folder, 'slurm/socket/jupyter');
  mkdirSync(own, { recursive: true });
  writeFileSync(
    join(own, 'app.yaml'),
    'launcher: slurm\nscript: run.sh\ndescription: Theirs\nneeds: { socket: true }\n',
  );
  writeFileSync(join(own, 'run.sh'), '#!/bin/bash\necho theirs\n');
  await open.request('settings.save', { recipeFolders: [folder] });
  expect((await preview('slurm/socket/jupyter')).script).toBe('#!/bin/bash\necho theirs');
  await open.request('presets.save', {
    name: 'kept',
    input: { clusterId, recipe: 'slurm/socket/jupyter' },
    replace: false,
  });
  expect(open.state().presets.map(({ input }) => input.recipe)).toEqual(['slurm/socket/jupyter']);

  const second = join(folder, 'lab/slurm/socket/jupyter2');
  mkdirSync(second, { recursive: true });
  writeFileSync(join(second, 'app.yaml'), 'launcher: slurm\nscript: run.sh\ndescription: Second\n');
  writeFileSync(join(second, 'run.sh'), 'echo second\n');
  await open.request('recipes.reload', undefined);
  await expect(preview('socket/jupyter')).rejects.toMatchObject({
    code: 'conflict',
    hint: 'Name one of: lab/slurm/socket/jupyter2, slurm/socket/jupyter.',
  });
});
