import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { runCommand } from '../../helpers/clusters.ts';

const root = join(import.meta.dirname, '../../..');
/** Debian's own, whatever else is on the path. */
const python = '/usr/bin/python3';

let home = '';
let environment: Record<string, string> = {};
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-python-home-'));
  const command = new Tunel(await bundleCli(), home);
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    TUNEL_COMMAND: `${process.execPath} ${command.file}`,
  };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (argv: string[], more: Record<string, string> = {}) => {
  const set = Object.entries({ ...environment, ...more }).map(([name, value]) => `${name}=${value}`);
  return runCommand('env', ['-i', `--chdir=${join(root, 'python')}`, ...set, ...argv], { check: false });
};

test('the package is installed without a network, and its types are checked strictly', async () => {
  const target = join(home, 'installed');
  const options = ['--no-index', '--no-build-isolation', '--no-deps', '--no-cache-dir', '--target', target];
  expect(await run([python, '-m', 'pip', 'install', ...options, '.'])).toMatchObject({ code: 0 });
  const shown = await run([python, '-c', 'import tunel_client; print(tunel_client.__file__)'], { PYTHONPATH: target });
  expect(shown).toMatchObject({ code: 0, stdout: `${target}/tunel_client/__init__.py\n` });
  await runCommand('test', ['-f', join(target, 'tunel_client/py.typed')]);
  expect(await run([python, '-m', 'mypy', `--cache-dir=${join(home, 'mypy')}`])).toMatchObject({ code: 0 });
});

test.each(['test_demo', 'test_aio'])('%s of the package, by unittest', async (name) => {
  const ended = await run([python, '-m', 'unittest', '-v', name], { PYTHONPATH: 'src:tests' });
  expect(ended.stderr).not.toMatch(/skipped/);
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr).toMatch(/Ran [1-9]\d* tests/);
});
