import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { python, runInPackage, runPythonTests } from './python-package.ts';

let home = '';
let tunel: Tunel;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-python-home-'));
  tunel = new Tunel(await bundleCli(), home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('the package is installed without a network, and its types are checked strictly', async () => {
  const target = join(home, 'installed');
  const options = ['--no-index', '--no-build-isolation', '--no-deps', '--no-cache-dir', '--target', target];
  expect(await runInPackage(tunel, [python, '-m', 'pip', 'install', ...options, '.'])).toMatchObject({ code: 0 });
  const where = [python, '-c', 'import tunel_client; print(tunel_client.__file__)'];
  const shown = await runInPackage(tunel, where, { PYTHONPATH: target });
  expect(shown).toMatchObject({ code: 0, stdout: `${target}/tunel_client/__init__.py\n` });
  await runCommand('test', ['-f', join(target, 'tunel_client/py.typed')]);
  const checked = await runInPackage(tunel, [python, '-m', 'mypy', `--cache-dir=${join(home, 'mypy')}`]);
  expect(checked, checked.stdout).toMatchObject({ code: 0 });
});

test.each(['test_units', 'test_prompts', 'test_demo', 'test_aio'])('%s of the package, by unittest', async (name) => {
  await runPythonTests(tunel, name);
});
