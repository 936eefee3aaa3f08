import { describe, expect, test } from 'vitest';
import { launchers } from '../../../electron/core/launchers/index.ts';
import { parseImage } from '../../../electron/core/runtimes/image-policy.ts';
import { type OneCommand, oneCommand, pickRuntime } from '../../../electron/core/runtimes/one-command.ts';
import { typedScript } from '../../../electron/core/ssh/client/terminal.ts';
import { planAppAccess } from '../../../electron/core/terminals/app-access-policy.ts';
import { unknownJob } from '../../../electron/shared/instances.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';

describe('the way to where an app runs', () => {
  const running = (launcher: LauncherName, id: string, node: string) => ({
    title: 'App',
    state: 'ready' as const,
    job: { ...unknownJob(id), state: 'running' as const, node },
    endpoint: null,
    directory: '/home/ada/.tunel/abc',
    launcher,
  });
  const access = (launcher: LauncherName, id: string, node: string, command: string | null) =>
    planAppAccess({
      instance: running(launcher, id, node),
      launcher: launchers[launcher],
      loginNode: 'login1',
      command,
    });

  test('is into its job where the scheduler has one', () => {
    expect(access('slurm', '7', 'c1', 'ls')).toMatchObject({ kind: 'job', script: expect.stringMatching(/srun .*ls/) });
    expect(access('slurm', '7', 'c1', null)).toMatchObject({
      kind: 'job',
      script: expect.stringMatching(/srun .*--pty/),
    });
    expect(access('htcondor', '7.0', 'w1', null)).toMatchObject({
      kind: 'job',
      script: expect.stringMatching(/7\.0$/),
    });
  });
  test('is to its node where not', () => {
    expect(access('pbs', '7.server', 'c1', 'ls')).toEqual({ kind: 'node', node: 'c1' });
    expect(access('gridengine', '7', 'c1', null)).toEqual({ kind: 'node', node: 'c1' });
  });
  test('is none for what has ended or does not run', () => {
    const instance = running('slurm', '7', 'c1');
    const ask = (more: object) => () =>
      planAppAccess({ instance: { ...instance, ...more }, launcher: launchers.slurm, loginNode: null, command: 'ls' });
    expect(ask({ state: 'ended' })).toThrow(/has ended/);
    expect(ask({ job: null })).toThrow(/does not run yet/);
    expect(ask({ job: { ...unknownJob('7'), state: 'pending' } })).toThrow(/does not run yet/);
  });
});

test('a script is typed in lines that a terminal takes', () => {
  const script = `echo ${'é'.repeat(3000)}\n`;
  const lines = typedScript(script).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(4096);
  expect(lines.slice(-2)).toEqual(['', '']);
  expect(Buffer.from(lines.join(''), 'base64').toString()).toBe(script);
});

describe('a container in the foreground', () => {
  const found = [
    { name: 'podman' as const, program: 'podman', version: '5' },
    { name: 'apptainer' as const, program: '/opt/a/apptainer', version: '1.4' },
  ];
  const image = parseImage('docker://busybox', '/home/ada');
  const asked = (more: Partial<OneCommand>): OneCommand => ({
    ...{ verb: 'exec', image, args: ['echo', 'a b'], binds: [], gpu: false, terminal: false },
    ...more,
  });

  test('takes the first program that is there and can', () => {
    expect(pickRuntime(['docker', 'podman', 'apptainer'], found, image, 'hpc').name).toBe('podman');
    expect(pickRuntime(['apptainer', 'podman', 'docker'], found, image, 'hpc').name).toBe('apptainer');
    const sif = parseImage('~/x.sif', '/home/ada');
    expect(pickRuntime(['docker', 'podman', 'apptainer'], found, sif, 'hpc').name).toBe('apptainer');
    expect(() => pickRuntime(['docker'], found, image, 'hpc')).toThrow(/nothing that can run/);
  });

  test("is Apptainer's own command, with a private cache", () => {
    const bind = { source: '~/data', target: '/d', readOnly: true };
    const script = oneCommand({ name: 'apptainer', program: 'apptainer' }, asked({ binds: [bind] }));
    expect(script).toContain(
      `exec apptainer exec --bind "$HOME"/data:/d:ro docker://docker.io/library/busybox:latest echo 'a b'\n`,
    );
    expect(script).not.toContain('/tmp');
  });

  test("is Podman's, by the image's entry point only where it is run", () => {
    const podman = (more: Partial<OneCommand>) => oneCommand({ name: 'podman', program: 'podman' }, asked(more));
    expect(podman({})).toMatch(/^exec podman run --rm -i .*--entrypoint "" docker\.io\S+ echo 'a b'\n$/);
    expect(podman({ verb: 'run' })).not.toContain('--entrypoint');
    expect(podman({ verb: 'shell', args: [], terminal: true })).toMatch(/ -t .*exec bash; exec sh'\n$/);
    const archive = parseImage('/x.tar', '');
    expect(podman({ image: archive })).toContain(' docker-archive:/x.tar ');
  });
});
