import { expect, test } from 'vitest';
import { parseLauncherName, parseLegacyName } from '../../../cli/legacy-names.ts';

const known = ['hello', 'jupyter', 'my/slurm/app'];

test.each([
  ['jupyter', {}, { recipe: 'jupyter', launcher: '', args: {} }],
  [
    'slurm/socket/jupyter',
    { jupyterlab: 'true' },
    { recipe: 'jupyter', launcher: 'slurm', args: { interface: 'lab' } },
  ],
  [
    'slurm/socket/jupyter',
    { jupyterlab: 'false' },
    { recipe: 'jupyter', launcher: 'slurm', args: { interface: 'notebook' } },
  ],
  ['htcondor/hello', { greeting: 'x' }, { recipe: 'hello', launcher: 'htcondor', args: { greeting: 'x' } }],
  ['singularity/hello', {}, { recipe: 'hello', launcher: 'login', args: {} }],
  ['oar/hello', { greeting: 'x' }, { recipe: 'hello', launcher: '', args: { greeting: 'x' } }],
  ['my/slurm/app', {}, { recipe: 'my/slurm/app', launcher: '', args: {} }],
  ['slurm/socket/nothing', {}, { recipe: 'slurm/socket/nothing', launcher: '', args: {} }],
] as const)('%s %o', (name, args, expected) => {
  expect(parseLegacyName(name, args, known)).toEqual(expected);
});

test("launchers are known by Tunel's names too", () => {
  expect(['slurm', 'condor', 'singularity', 'docker', 'podman', 'oar'].map(parseLauncherName)).toEqual([
    { launcher: 'slurm', runtime: '' },
    { launcher: 'htcondor', runtime: '' },
    { launcher: 'login', runtime: 'apptainer' },
    { launcher: 'login', runtime: 'docker' },
    { launcher: 'login', runtime: 'podman' },
    { launcher: '', runtime: '' },
  ]);
});
