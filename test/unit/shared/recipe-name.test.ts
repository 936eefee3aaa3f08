import { describe, expect, test } from 'vitest';
import {
  parseLauncherName,
  resolveLaunchInput,
  resolveRecipeName,
} from '../../../electron/shared/recipe-name-policy.ts';

const known = ['hello', 'jupyter', 'my/slurm/app'];
const resolve = (recipe: string, args: Record<string, string> = {}, launcher: '' | 'pbs' = '', names = known) =>
  resolveLaunchInput({ recipe, args, launcher }, (asked) => resolveRecipeName(asked, names));

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
  ['slurm/app', { jupyterlab: '1' }, { recipe: 'my/slurm/app', launcher: '', args: { jupyterlab: '1' } }],
])('%s %o', (name, args, expected) => {
  expect(resolve(name, args)).toEqual(expected);
});

describe('a name', () => {
  test('that a source has is the source’s, and never ours by its last part', () => {
    const withSource = [...known, 'slurm/socket/jupyter'];
    expect(resolve('slurm/socket/jupyter', { jupyterlab: 'true' }, '', withSource)).toEqual({
      recipe: 'slurm/socket/jupyter',
      launcher: '',
      args: { jupyterlab: 'true' },
    });
    expect(resolve('jupyter', {}, '', withSource).recipe).toBe('jupyter');
    expect(resolve('socket', {}, '', withSource).recipe).toBe('slurm/socket/jupyter');
    // The source may keep its recipes in a folder of its own.
    expect(resolve('slurm/socket/jupyter', {}, '', [...known, 'lab/slurm/socket/jupyter']).recipe).toBe(
      'lab/slurm/socket/jupyter',
    );
  });

  test('that fits two is an error that names both, before the legacy spelling is tried', () => {
    const two = [...known, 'a/slurm/socket/jupyter', 'b/slurm/socket/jupyter'];
    expect(() => resolve('slurm/socket/jupyter', {}, '', two)).toThrow(
      expect.objectContaining({
        code: 'conflict',
        hint: 'Name one of: a/slurm/socket/jupyter, b/slurm/socket/jupyter.',
      }),
    );
  });

  test('that fits none names what there is', () => {
    expect(() => resolve('slurm/socket/nothing')).toThrow(
      expect.objectContaining({ code: 'not-found', hint: 'There are: hello, jupyter, my/slurm/app.' }),
    );
    expect(() => resolve('')).toThrow(/no recipe/);
  });

  test('by the legacy spelling leaves a launcher that was given', () => {
    expect(resolve('slurm/socket/jupyter', {}, 'pbs').launcher).toBe('pbs');
  });
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
