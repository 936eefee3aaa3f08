import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describePath, explainPath } from '../../../cli/explain-path.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tunel-path-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function folder(name: string, ...files: string[]): string {
  for (const file of files) {
    mkdirSync(dirname(join(base, name, file)), { recursive: true });
    writeFileSync(join(base, name, file), '');
  }
  return join(base, name);
}
const unknown = () => {
  throw new AppError('not-found', 'There is no recipe.');
};

test('a path in place of a name says what it is and what to do', async () => {
  const recipe = folder('lab/jupyter', 'app.yaml', 'run.sh');
  await expect(explainPath(recipe, unknown)).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('This is a recipe.'),
    hint: `Add the folder that holds it: tunel recipes add ${join(base, 'lab')}; check it with: tunel lint ${recipe}.`,
  });
  await expect(explainPath(folder('ood', 'manifest.yml', 'form.yml', 'submit.yml.erb'), unknown)).rejects.toMatchObject(
    {
      message: expect.stringContaining('Open OnDemand'),
    },
  );
  await expect(explainPath(join(base, 'lab'), unknown)).rejects.toMatchObject({
    hint: `Use them with: tunel recipes add ${join(base, 'lab')}.`,
  });
  const app = folder('web', 'app.py');
  await expect(explainPath(app, unknown)).rejects.toMatchObject({
    hint: `Run it as a folder of your own: tunel folder add ${app}`,
  });
});

test('a name that is no path, and every other error, stays as it is', async () => {
  await expect(explainPath('slurm/socket/none', unknown)).rejects.toMatchObject({ code: 'not-found' });
  const other = () => {
    throw new AppError('conflict', 'Two.');
  };
  await expect(explainPath(folder('web', 'app.py'), other)).rejects.toMatchObject({ code: 'conflict' });
  expect(await explainPath('x', () => 7)).toBe(7);
});

test('a folder of a legacy library is one with recipes, at any depth of names', () => {
  expect(describePath(folder('lib', 'slurm/socket/jupyter/app.yaml', 'templates/bash/x.sh'))?.kind).toBe('recipes');
  expect(describePath(join(base, 'none'))).toBeNull();
});
