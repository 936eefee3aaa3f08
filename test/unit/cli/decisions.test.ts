import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../cli/actions/exec.ts';
import { findPreset } from '../../../cli/find-preset.ts';
import { launchValues, resourcesOf } from '../../../cli/launch-values.ts';
import { chooseJobs } from '../../../cli/stop-policy.ts';
import { exitCodeOf } from '../../../cli/stream-stdio.ts';
import { localEnd, targetOf } from '../../../cli/tunnel-policy.ts';
import { launchInputSchema, unknownJob } from '../../../electron/shared/instances.ts';

test('one word is a line for the shell, several are exact', () => {
  expect(commandLine(['ls | wc -l'])).toBe('ls | wc -l');
  expect(commandLine(['echo', '$HOME', "it's"])).toBe("exec echo '$HOME' 'it'\\''s'");
});

test('an exit code is what a shell gives', () => {
  expect(exitCodeOf({ code: 7, signal: null })).toBe(7);
  expect(exitCodeOf({ code: null, signal: 'TERM' })).toBe(143);
  expect(exitCodeOf({ code: null, signal: 'SIGINT' })).toBe(130);
  expect(exitCodeOf({ code: null, signal: null })).toBeNull();
});

describe('a tunnel', () => {
  test('leads to a port or a socket', () => {
    expect(targetOf({ port: '80' })).toEqual({ node: '', port: 80 });
    expect(targetOf({ socket: '/run/s', node: 'c1' })).toEqual({ node: 'c1', socket: '/run/s' });
  });
  test.each([{}, { port: '1', socket: '/s' }, { port: '0' }, { port: '65536' }, { port: '1e3' }, { socket: 's' }])(
    '%o is refused',
    (options) => expect(() => targetOf(options)).toThrow(),
  );
  test('ends in a private socket, unless the user says otherwise', () => {
    expect(localEnd({})).toEqual({ kind: 'socket', path: null });
    expect(localEnd({ localSocket: 's' })).toEqual({ kind: 'socket', path: 's' });
    expect(localEnd({ localPort: '4000' })).toEqual({ kind: 'port', port: 4000 });
    expect(localEnd({ localPort: '0' })).toEqual({ kind: 'port', port: 0 });
    expect(() => localEnd({ localPort: '1', localSocket: 's' })).toThrow(/either/);
    expect(() => localEnd({ localSocket: 'x'.repeat(104) })).toThrow(/103 bytes/);
  });
});

describe('what is ended', () => {
  const job = (id: string, title: string, recipe: string, number: string) => ({
    ...{ id, title, recipe },
    job: unknownJob(number),
  });
  const a = job('aaaabbbbcc', 'job.sh', '.script', '17');
  const b = job('bbbbcccdde', 'Notebook', 'jupyter', '18');
  const c = job('ccccdddeef', 'job.sh', '.script', '19');
  const running = [a, b, c];
  test.each([
    [['aaaa'], [a]],
    [['18'], [b]],
    [['job.sh'], [a, c]],
    [
      ['job.sh', 'aaaabbbbcc'],
      [a, c],
    ],
    [['slurm-jupyter'], [b]],
    [['jupyter'], [b]],
  ])('%j', (names, expected) => expect(chooseJobs(running, names, false, 'hpc')).toEqual(expected));
  test('all of it, only when that is said', () => {
    expect(chooseJobs(running, [], true, 'hpc')).toEqual(running);
    expect(() => chooseJobs(running, [], false, 'hpc')).toThrow(/Which one/);
    expect(() => chooseJobs(running, ['aaaa'], true, 'hpc')).toThrow(/not both/);
    expect(() => chooseJobs([], [], true, 'hpc')).toThrow(/Nothing of yours/);
    expect(() => chooseJobs(running, ['aaaa', '2'], false, 'hpc')).toThrow(/“2”/);
  });
});

describe('values of a launch', () => {
  const kept = launchInputSchema.parse({
    clusterId: 'here',
    recipe: 'jupyter',
    launcher: 'slurm',
    args: { interface: 'lab', port: '1' },
    resources: { cpus: 4, memory: 8000, queue: 'gpu', account: 'lab' },
    modules: ['python'],
    title: 'Mine',
  });
  const given = { clusterId: 'here', recipe: 'jupyter', args: {}, resources: {} };
  const values = (more: object, preset = kept) => launchValues({ ...given, ...more }, preset, 'tunel run-app');

  test('are those of the preset, and what is given besides counts more', () => {
    expect(values({})).toEqual(kept);
    const more = {
      args: { interface: 'notebook' },
      resources: resourcesOf({ memory: '100', queue: 'cpu' }),
      title: '',
    };
    expect(values(more)).toEqual({
      ...kept,
      args: { interface: 'notebook', port: '1' },
      resources: { ...kept.resources, memory: 100, queue: 'cpu' },
      title: '',
    });
    expect(values({ launcher: 'condor' })).toMatchObject({ launcher: 'htcondor', runtime: '' });
    expect(values({ spelled: 'gridengine' }).launcher).toBe('gridengine');
  });

  test("leave a preset's queue, account and launcher on its own cluster", () => {
    expect(values({ clusterId: 'there' })).toMatchObject({
      clusterId: 'there',
      launcher: '',
      modules: [],
      args: kept.args,
      resources: { cpus: 4, memory: 8000, queue: '', account: '' },
    });
  });

  test('that cannot be are named', () => {
    expect(() => values({ resources: resourcesOf({ cpus: 'many' }) })).toThrow('--cpus takes a number, not “many”.');
    expect(() => values({ launcher: 'oar' })).toThrow(/no launcher “oar”/);
  });

  test('a preset is found by its recipe and name', () => {
    const preset = { id: '1', name: 'big', input: kept, savedAt: 0 };
    expect(findPreset([preset], 'jupyter', 'big')).toBe(preset);
    expect(() => findPreset([preset], 'hello', 'big')).toThrow(/hello has no preset “big”/);
    expect(() => findPreset([preset], 'jupyter', 'small')).toThrow(/no preset “small”/);
  });
});
