import { join } from 'node:path';
import { expect } from 'vitest';
import type { Tunel } from '../../helpers/cli.ts';
import { type CommandResult, runCommand } from '../../helpers/clusters.ts';

const root = join(import.meta.dirname, '../../..');
/** Debian's own, whatever else is on the path. */
export const python = '/usr/bin/python3';

/** Runs a command in the folder of the Python SDK, as a user who has nothing else. */
export function runInPackage(
  { file, environment: { HOME = '', PATH = '' } }: Tunel,
  argv: string[],
  more: Record<string, string> = {},
): Promise<CommandResult> {
  const environment = { PATH, HOME, TUNEL_COMMAND: `${process.execPath} ${file}`, ...more };
  const set = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return runCommand('env', ['-i', `--chdir=${join(root, 'python')}`, ...set, ...argv], { check: false });
}

/** Runs one of the package's test modules, of which none may be skipped; resolves with what it printed. */
export async function runPythonTests(tunel: Tunel, name: string, more: Record<string, string> = {}): Promise<string> {
  const ended = await runInPackage(tunel, [python, '-m', 'unittest', '-v', name], { PYTHONPATH: 'src:tests', ...more });
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr).toMatch(/Ran [1-9]\d* tests? /);
  expect(ended.stderr).not.toMatch(/skipped/);
  return ended.stdout;
}
