import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutSecrets } from '../../../electron/core/instances/log-text.ts';
import { containerNames } from '../../../electron/core/recipes/legacy/container-policy.ts';
import { isLegacy, kindOf, launchersOf } from '../../../electron/core/recipes/legacy/kind-policy.ts';
import { legacyServe, planLegacyLaunch, signInOf } from '../../../electron/core/recipes/legacy/launch-policy.ts';
import { masked, notesOf } from '../../../electron/core/recipes/legacy/notes-policy.ts';
import { askedByRecipe, withOwnScript } from '../../../electron/core/recipes/legacy/request-policy.ts';
import { loginOf, signedIn } from '../../../electron/core/recipes/legacy/sign-in-policy.ts';
import { createRecipeLibrary } from '../../../electron/core/recipes/library.ts';
import { recipesInFolders } from '../../../electron/core/recipes/recipe-folders.ts';
import { mebibytes, minutes } from '../../../electron/shared/directives/units.ts';
import { launchInputSchema } from '../../../electron/shared/instances.ts';
import { type RecipeFile, recipeFileSchema, serveSchema } from '../../../electron/shared/recipes.ts';
import { scriptRecipeName } from '../../../electron/shared/script-recipe-name.ts';

const folder = join(import.meta.dirname, '../../fixtures/tunel-recipes');
const library = createRecipeLibrary([recipesInFolders({ folders: () => [{ path: folder, source: 'tests' }] })]);
const file = (more: object = {}): RecipeFile =>
  recipeFileSchema.parse({ launcher: 'slurm', script: 'a.sh', description: 'a', ...more });

describe('kinds and launchers', () => {
  test('of every fixture', () => {
    expect(library.problems()).toEqual([]);
    const seen = library.list().map(({ name, launchers, serves }) => [name, serves, launchers.join(' ')]);
    expect(seen.sort()).toEqual([
      ['htcondor/job', false, 'htcondor'],
      ['singularity/socket/editor', true, 'login slurm gridengine'],
      ['slurm/batch/demo', false, 'slurm'],
      ['slurm/port/files', true, 'slurm htcondor'],
      ['slurm/socket/jupyter', true, 'slurm'],
      ['slurm/socket/singularity-jupyter', true, 'slurm login gridengine'],
      ['slurm/socket/wsgi', true, 'slurm'],
      ['socket/notes', true, 'login slurm gridengine'],
      ['xserver/terminal', true, 'slurm login gridengine'],
    ]);
  });

  test('show in what a recipe says and does', () => {
    expect(kindOf('a', file({ needs: { xserver: true } }), '{% include "bash/network/set-port.sh" %}')).toBe('xserver');
    expect(kindOf('a', file({ needs: { socket: true } }), '{{ port }}')).toBe('socket');
    expect(kindOf('a', file(), 'x --port={{ port }}')).toBe('port');
    expect(kindOf('a', file(), '{% if args.port %}x{% endif %}')).toBe('port');
    expect(kindOf('a', file(), 'echo {{ args.report }} port')).toBe('batch');
    expect(kindOf('slurm/port/x', file(), '')).toBe('port');
    expect(kindOf('a', file({ title: 'Ours' }), '{{ port }}')).toBe('batch');
    expect([isLegacy(file()), isLegacy(file({ resources: {} }))]).toEqual([true, false]);
    expect(launchersOf({ launcher: 'condor', launchers_supported: ['htcondor', 'oar'] })).toEqual(['htcondor', 'oar']);
  });

  test.each([
    ['docker', [], 'login', '', ['podman'], 'docker', { docker: 'podman' }],
    ['docker', [], 'login', '', ['docker', 'podman'], 'docker', { docker: 'docker' }],
    ['docker', ['podman'], 'login', 'podman', ['docker', 'podman'], 'podman', { docker: 'podman' }],
    ['singularity', ['docker'], 'login', '', ['podman'], 'docker', { docker: 'podman' }],
    ['singularity', [], 'slurm', '', ['apptainer'], 'singularity', { singularity: 'singularity' }],
    ['slurm', ['singularity'], 'slurm', '', ['apptainer'], null, {}],
    ['slurm', ['singularity'], 'login', '', ['apptainer'], 'singularity', { singularity: 'singularity' }],
    ['slurm', ['singularity', 'docker'], 'slurm', 'docker', null, 'docker', { docker: 'docker' }],
    ['slurm', [], 'slurm', 'apptainer', null, null, {}],
  ] as const)('%s %o by %s %s where there is %o', (launcher, others, by, runtime, found, as, variables) => {
    const names = containerNames({
      file: { launcher, launchers_supported: [...others] },
      launcher: by,
      runtime,
      found: found?.map((name) => ({ name })) ?? null,
    });
    expect(names).toEqual({ as, variables });
  });
});

describe('a launch', () => {
  const plan = (name: string, change: Partial<Parameters<typeof planLegacyLaunch>[0]> = {}) =>
    planLegacyLaunch({
      id: 'abcdefghij',
      recipe: library.get(name),
      input: { args: {}, runtime: '' },
      launcher: 'slurm',
      facts: null,
      directory: '/home/ada/.tunel/abcdefghij',
      isSent: false,
      random: 'zyxwvutsrq',
      ...change,
    });

  test('has a folder whose socket fits, and names of its own', () => {
    expect(plan('slurm/socket/jupyter')).toMatchObject({
      scriptDirectory: '/home/ada/.tunel/abcdefghij',
      link: null,
      jobSlug: 'slurm-socket-jupyter',
    });
    const long = { directory: `/${'long/'.repeat(20)}/.tunel/abcdefghij` };
    const linked = { link: '/tmp/tunel-zyxwvutsrq', scriptDirectory: '/tmp/tunel-zyxwvutsrq/d' };
    expect(plan('slurm/socket/jupyter', long)).toMatchObject(linked);
    expect(plan('slurm/socket/jupyter', { isSent: true })).toMatchObject(linked);
    expect(plan('socket/notes', { launcher: 'login' })).toMatchObject({ jobSlug: 'socket-notes-abcdefghij' });
  });

  test('takes a port that is one', () => {
    const port = (value: string | number) =>
      plan('slurm/port/files', { input: { args: { port: value }, runtime: '' } });
    expect([port('')?.port, port('9000')?.port]).toEqual([null, 9000]);
    for (const bad of ['80', '70000', 'x', '9000; true'])
      expect(() => port(bad)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  test('is reached as its kind is, and signed in as its script lets users in', () => {
    expect(legacyServe('batch')).toBeNull();
    expect(legacyServe('xserver')).toMatchObject({ protocol: 'vnc', listen: 'socket' });
    expect(legacyServe('port')).toMatchObject({
      listen: 'port',
      ready: { status: expect.arrayContaining([302, 401]) },
    });
    expect(signInOf('jupyter lab --sock x').token).toEqual({ header: 'Authorization', value: 'token {token}' });
    expect(signInOf('TUNEL_PASS=$(cat x)')).toEqual({ token: undefined, userPass: true });
  });
});

describe('what a script asks of its scheduler', () => {
  test('stands in #SBATCH lines before its first command', () => {
    const script = `#!/bin/bash
# a comment
#SBATCH -c 4 --mem=2G   # four
#SBATCH --time 1-02:30:00
#SBATCH -p long -A "my lab" --gres=gpu:a100:2
#SBATCH --job-name=x -o out.%j --exclusive --constraint='avx2'
#SBATCH --array=1-4%2 --mail-type=END

echo begin
#SBATCH --mem=9G
`;
    expect(askedByRecipe('slurm', script, {})).toEqual({
      cpus: 4,
      memory: 2048,
      time: 1590,
      queue: 'long',
      account: 'my lab',
      gpus: 2,
      gpuType: 'a100',
      array: '1-4%2',
      options: ['--exclusive', '--constraint=avx2', '--mail-type=END'],
    });
    expect(askedByRecipe('gridengine', script, {})).toEqual({
      cpus: 4,
      memory: 2048,
      time: 1590,
      gpus: 2,
      gpuType: 'a100',
    });
    expect(askedByRecipe('login', script, {})).toEqual({});
  });

  test('or in the directives of the scheduler that runs it', () => {
    const slurm = '#SBATCH --time=5 -c 2\n';
    expect(
      askedByRecipe(
        'pbs',
        `${slurm}#PBS -q long -N x -l select=1:ncpus=4:mem=8gb -l walltime=1:00:00 -W umask=77\n`,
        {},
      ),
    ).toEqual({
      queue: 'long',
      cpus: 4,
      nodes: 1,
      memory: 8192,
      time: 60,
      options: ['-W', 'umask=77'],
    });
    expect(askedByRecipe('pbs', '#PBS -l select=2:ncpus=4:mpiprocs=4,place=excl -j oe\n', {})).toEqual({
      options: ['-l', 'select=2:ncpus=4:mpiprocs=4', '-l', 'place=excl'],
    });
    expect(askedByRecipe('gridengine', `${slurm}#$ -cwd -pe smp 4 -l h_rt=90,h_vmem=2G -t 1-9 -tc 3 -V\n`, {})).toEqual(
      {
        time: 2,
        array: '1-9%3',
        options: ['-pe', 'smp', '4', '-l', 'h_vmem=2G', '-V'],
      },
    );
    expect(askedByRecipe('lsf', '#BSUB -J a[1-4] -W 90 -n 4\n#BSUB -R "span[hosts=1] rusage[mem=1GB]"\n', {})).toEqual({
      array: '1-4',
      time: 90,
      options: ['-n', '4', '-R', 'span[hosts=1] rusage[mem=1GB]'],
    });
  });

  test('unless the user asks for something else', () => {
    const script = '#$ -pe smp 4 -l h_vmem=2G,arch=lx-amd64\n';
    expect(askedByRecipe('gridengine', script, {}, { cpus: 8, memory: 100 })).toEqual({
      options: ['-l', 'arch=lx-amd64'],
    });
    expect(askedByRecipe('slurm', '#SBATCH --mem-per-cpu=1G -x n1\n', {}, { memory: 100, cpus: null })).toEqual({
      options: ['--exclude=n1'],
    });
  });

  test("and in the user's own script goes before what the cluster's settings say", () => {
    const own = launchInputSchema.parse({ clusterId: 'c', recipe: scriptRecipeName, resources: { account: 'mine' } });
    expect(withOwnScript(own, { queue: 'long', account: 'lab' }).resources).toMatchObject({
      queue: 'long',
      account: 'mine',
    });
    const other = { ...own, recipe: 'slurm/job' };
    expect(withOwnScript(other, { queue: 'long' })).toBe(other);
  });

  test('or, for HTCondor, in its arguments', () => {
    expect(askedByRecipe('htcondor', '', { cpus: '2', memory: '1GB', disk: '500', njobs: '3' })).toEqual({
      cpus: 2,
      memory: 1024,
      options: ['request_disk = 500 MB'],
      array: '0-2',
    });
    expect(askedByRecipe('htcondor', '', { njobs: '1' })).toEqual({});
  });

  test('in amounts as Slurm reads them', () => {
    expect(['512', '4G', '1.5G', '2048K', '0', 'much'].map(mebibytes)).toEqual([512, 4096, 1536, 2, null, null]);
    expect(['90', '1:30', '2:00:00', '1-0', '1-1:30', '0', 'UNLIMITED'].map(minutes)).toEqual([
      90,
      2,
      120,
      1440,
      1530,
      null,
      null,
    ]);
  });
});

describe('what an app tells its user', () => {
  test.each([
    ['bind-addr: 127.0.0.1:8080\nauth: password\npassword: 12ab\ncert: false\n', [['Password', '12ab', true]]],
    [
      'export TUNEL_USER="me"\nTUNEL_PASS=\'it is\'\n',
      [
        ['User', 'me', false],
        ['Password', 'it is', true],
      ],
    ],
    [
      '{\n  "username": "me",\n  "password": "x1y2"\n}',
      [
        ['User', 'me', false],
        ['Password', 'x1y2', true],
      ],
    ],
    ['Your password is: hunter22.', [['Password', 'hunter22', true]]],
    [
      'see http://localhost:8888/lab?token=abc123&x=1',
      [
        ['Token', 'abc123', true],
        ['Address', 'http://localhost:8888/lab?token=•••&x=1', false],
      ],
    ],
    ['hashed-password: $argon2\n', [['Output', 'hashed-password: $argon2', true]]],
    ['anything else', [['Output', 'anything else', true]]],
    ['\n', []],
  ] as const)('%j', (output, expected) => {
    expect(notesOf(output).map(({ label, value, secret }) => [label, value, secret])).toEqual(expected);
  });

  test('is masked in the state and in the log', () => {
    expect(masked(notesOf('user: me\npassword: 12ab'))).toEqual([
      { label: 'User', value: 'me', secret: false },
      { label: 'Password', value: '', secret: true },
    ]);
    expect(withoutSecrets('a secret0 b secret0', ['secret0', 'a'])).toBe('a •••••• b ••••••');
  });
});

describe('signing in', () => {
  const serve = serveSchema.parse({});
  const notes = notesOf('user: me\npassword: pa:ss');
  const page = (html: string, path = '/login?to=') => ({ path, html });

  test('by Basic when the app asks for it', () => {
    const answer = { status: 401, challenge: 'Basic realm="x"', page: page('') };
    const value = `Basic ${Buffer.from('me:pa:ss').toString('base64')}`;
    expect(signedIn(serve, notes, answer, 't').token).toEqual({ header: 'Authorization', value });
    expect(signedIn(serve, notes, { ...answer, challenge: 'Bearer' }, 't')).toEqual(serve);
    expect(signedIn(serve, [], answer, 't')).toEqual(serve);
  });

  test('by the token the app made itself', () => {
    const answer = { status: 302, challenge: '', page: page('') };
    expect(signedIn(serve, notesOf('token: abcdef'), answer, 't').token?.value).toBe('token abcdef');
    expect(signedIn(serve, notesOf('token: t'), answer, 't')).toEqual(serve);
  });

  test('by its form, when that asks for no more than is known', () => {
    const html = `<form><input name=q></form><form action='/accounts/login/?a=1&amp;b=2' method=post>
      <input type="hidden" name="csrf" value="1"><input name="username"><input type=password name="password"><input type="submit" name="go"></form>`;
    expect(loginOf(page(html), 'me', 'pw')).toEqual({
      path: '/login',
      post: '/accounts/login/?a=1&b=2',
      fields: { username: 'me', password: 'pw' },
      hidden: ['csrf'],
      fromCookie: {},
    });
    expect(loginOf(page('<form><input type="password" name="password"></form>'), undefined, 'pw')).toMatchObject({
      post: '/login',
      fields: { password: 'pw' },
    });
    const refused = [
      '<form action="http://["><input type="password" name="password"></form>',
      '<form><input name="username"><input type=password name=p></form>',
      '<form action="https://elsewhere.example/"><input type=password name=p></form>',
      '<form><input type=password name=p><input type=number name=code></form>',
      '<p>no form</p>',
    ];
    for (const other of refused) expect(loginOf(page(other), undefined, 'pw')).toBeNull();
  });
});
