import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { python, runInPackage } from './python-package.ts';

const root = join(import.meta.dirname, '../../..');
const estimates = /100 points: \d\.\d{4}\n *1000 points: \d\.\d{4}\n *10000 points: 3\.1\d{3}\n/;
const notebookSchema = z.object({
  cells: z.array(
    z.looseObject({
      outputs: z.array(z.looseObject({ data: z.record(z.string(), z.unknown()).optional() })).optional(),
    }),
  ),
});

let home = '';
let tunel: Tunel;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-examples-'));
  tunel = new Tunel(await bundleCli(), home);
  delete tunel.environment.TUNEL_NO_ENGINE;
});
afterAll(async () => {
  await tunel?.stopEngine();
  rmSync(home, { recursive: true, force: true });
});

test('the example for Python', async () => {
  const example = [python, 'examples/parameter_study.py'];
  const environment = { PYTHONPATH: 'src', TUNEL_DATA_DIR: tunel.dataDirectory };
  const ended = await runInPackage(tunel, example, environment);
  expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(estimates) });
  const unknown = await runInPackage(tunel, [...example, 'nowhere'], environment);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no cluster “nowhere”.') });
});

test('the example for TypeScript, with the package as it is installed', async () => {
  const installed = join(home, 'program/node_modules/tunel-desktop');
  mkdirSync(installed, { recursive: true });
  symlinkSync(join(root, 'package.json'), join(installed, 'package.json'));
  cpSync(dirname(tunel.file), join(installed, 'dist'), { recursive: true });
  for (const folder of ['recipes', 'sites', 'node_modules']) symlinkSync(join(root, folder), join(installed, folder));
  cpSync(join(root, 'sdk/examples/parameter-study.mjs'), join(home, 'program/example.mjs'));
  const run = ['env', ...environmentOf(tunel), process.execPath, join(home, 'program/example.mjs')];
  expect(await runCommand('env', ['-i', ...run])).toMatchObject({ stdout: expect.stringMatching(estimates) });
});

test("the notebook, by Debian's nbconvert", async () => {
  const set = [
    ...environmentOf(tunel),
    `PYTHONPATH=${join(root, 'python/src')}`,
    `JUPYTER_RUNTIME_DIR=${home}/runtime`,
  ];
  const convert = ['/usr/bin/jupyter-nbconvert', '--to', 'notebook', '--execute', '--inplace'];
  // It is executed where it is, and leaves its result there.
  const notebook = join(home, 'parameter-study.ipynb');
  cpSync(join(root, 'docs/notebooks/parameter-study.ipynb'), notebook);
  await runCommand('env', ['-i', ...set, 'PATH=/usr/bin:/bin', ...convert, notebook]);
  const { cells } = notebookSchema.parse(JSON.parse(readFileSync(notebook, 'utf8')));
  const html = cells.flatMap(({ outputs = [] }) => outputs.map(({ data }) => `${data?.['text/html'] ?? ''}`)).join('');
  for (const shown of ['<td>demo</td>', '<td>pi 100000</td>', '<td>completed</td>', '<td>result.json</td>'])
    expect(html).toContain(shown);
  expect(JSON.stringify(cells)).toMatch(/100000 points: 3\.1\d{3}/);
});

const environmentOf = ({ environment, file }: Tunel): string[] => [
  `PATH=${environment.PATH}`,
  `HOME=${environment.HOME}`,
  `TUNEL_DATA_DIR=${environment.TUNEL_DATA_DIR}`,
  `TUNEL_COMMAND=${process.execPath} ${file}`,
];
