import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { listDirectories, observe } from '../../../electron/core/instances/directory.ts';
import { localShell } from '../../helpers/local-shell.ts';

const home = mkdtempSync(join(tmpdir(), 'tunel-home-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

test('what was typed into the form is read once, with the list of all, however many lines it has', async () => {
  vi.stubEnv('HOME', home);
  const directory = join(home, '.tunel/abc');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'instance.json'), '{}');
  writeFileSync(join(directory, 'secret-password'), "it's secret");
  writeFileSync(join(directory, 'secret-key'), 'two\nlines\n');
  const { found } = await listDirectories(localShell, 7);
  expect(found.get('abc')?.typed.sort()).toEqual(["it's secret", 'two\nlines\n']);
  const seen = await observe(localShell, [{ id: 'abc', directory, logFrom: 0, job: null }]);
  expect(seen.get('abc')?.typed).toEqual([]);
});
