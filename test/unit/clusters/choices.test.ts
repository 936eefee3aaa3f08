import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { containersScript, readContainers } from '../../../electron/core/clusters/containers.ts';
import { environmentsScript, readEnvironments } from '../../../electron/core/clusters/environments.ts';
import { inUserShell } from '../../../electron/core/clusters/user-shell.ts';
import { listScript, readList } from '../../../electron/core/files/list-script.ts';
import { placesScript, readPlaces } from '../../../electron/core/files/places-script.ts';
import { choicesOfFacts } from '../../../electron/shared/form-choices.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';

const execute = promisify(execFile);
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel-choices-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text = '', mode = 0o644): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text, { mode });
}
const sh = async (script: string, env: Record<string, string> = {}) => {
  const run = execute('/bin/sh', ['-c', script], {
    env: { PATH: process.env.PATH ?? '', HOME: home, ...env },
    maxBuffer: 64e6,
  });
  return (await run).stdout;
};

/** `conda env list --json` of conda 24.1 after a warning of its own: a sample written by hand, since conda cannot be had here. */
const conda = `WARNING: a newer version of conda exists.
{
  "envs": [
    "/opt/miniforge3",
    "/home/ada/.conda/envs/deep learning"
  ]
}
`;

describe('environments', () => {
  const prints = (sections: Record<string, string>) =>
    Object.entries(sections)
      .map(([name, text]) => `\n@@tunel ${name}\n${text}`)
      .join('');
  test('conda’s own list, the one it keeps, and virtual environments, each once', () => {
    const text = prints({
      conda,
      list: '/opt/miniforge3\n/scratch/ada/envs/old\n\n',
      venvs: '3.11.2\t/home/ada/venvs/plots\n3.12.1.final.0\t/home/ada/site/.venv\n\t/home/ada/bare\n',
      end: '',
    });
    expect(readEnvironments(`Welcome\n${text}`)).toEqual([
      { value: '/home/ada/bare', label: 'bare', detail: 'venv, /home/ada/bare' },
      {
        value: '/home/ada/.conda/envs/deep learning',
        label: 'deep learning',
        detail: 'conda, /home/ada/.conda/envs/deep learning',
      },
      { value: '/opt/miniforge3', label: 'miniforge3', detail: 'conda, /opt/miniforge3' },
      { value: '/scratch/ada/envs/old', label: 'old', detail: 'conda, /scratch/ada/envs/old' },
      { value: '/home/ada/venvs/plots', label: 'plots', detail: 'Python 3.11.2, /home/ada/venvs/plots' },
      { value: '/home/ada/site/.venv', label: 'site', detail: 'Python 3.12.1, /home/ada/site/.venv' },
    ]);
  });
  test('where conda says something else, nothing of it', () => {
    expect(readEnvironments(prints({ conda: 'Traceback {broken', list: 'no path\n', venvs: '', end: '' }))).toEqual([]);
  });
  test('real folders, by the real script in a real login shell', async () => {
    for (const path of ['venvs/a b', 'site/.venv', 'work/x/venv', ".virtualenvs/it's"]) {
      write(`${path}/pyvenv.cfg`, 'home = /usr/bin\nversion = 3.11.2\n');
      write(`${path}/bin/python`, '', 0o755);
    }
    write('venvs/broken/pyvenv.cfg');
    write('.conda/environments.txt', `${home}/conda/envs/r\n`);
    const script = inUserShell(environmentsScript(join(home, 'work')), { environment: 'echo noise', modules: [] });
    const found = readEnvironments(await sh(script));
    expect(found.map(({ label, detail }) => [label, detail.split(',')[0]])).toEqual([
      ['a b', 'Python 3.11.2'],
      ["it's", 'Python 3.11.2'],
      ['r', 'conda'],
      ['site', 'Python 3.11.2'],
      ['x', 'Python 3.11.2'],
    ]);
  });
});

describe('containers', () => {
  test('by the real script: usual folders and those the site names, with size', async () => {
    write('images/tools.sif', 'x'.repeat(2_000_000));
    write('one.sif', 'x');
    write('other/named.sif', 'x');
    write('other/skipped.txt', 'x');
    write('single file.sif', 'x');
    const script = containersScript([join(home, 'other'), '~/single file.sif', '/nowhere']);
    expect(readContainers(await sh(inUserShell(script, { environment: '', modules: [] })))).toEqual(
      [
        { value: join(home, 'other/named.sif'), label: 'named.sif', detail: `1 MB, ${join(home, 'other')}` },
        { value: join(home, 'one.sif'), label: 'one.sif', detail: `1 MB, ${home}` },
        { value: join(home, 'single file.sif'), label: 'single file.sif', detail: `1 MB, ${home}` },
        { value: join(home, 'images/tools.sif'), label: 'tools.sif', detail: `2 MB, ${join(home, 'images')}` },
      ].filter((entry) => entry.value.startsWith(home)),
    );
  });
});

test('queues, accounts and GPUs are what was learnt of the launcher', () => {
  const { facts } = busyState(0).clusters[0]!;
  expect(choicesOfFacts('gpus', facts, null).map(({ value }) => value)).toEqual(['a100', 'l40s']);
  expect(choicesOfFacts('accounts', facts, 'slurm').map(({ value }) => value)).toEqual(['lab', 'class']);
  expect(choicesOfFacts('queues', facts, 'login')).toEqual([]);
  expect(choicesOfFacts('queues', null, null)).toEqual([]);
});

describe('a folder', () => {
  /** Programs of the system without find, as where it is not GNU's. */
  const withoutFind = () => {
    mkdirSync(join(home, 'bin'));
    for (const name of ['head', 'ls', 'dirname', 'pwd']) symlinkSync(`/usr/bin/${name}`, join(home, 'bin', name));
    write('bin/find', '#!/bin/sh\necho "find: unrecognized: -printf" >&2; exit 1\n', 0o755);
    return { PATH: join(home, 'bin') };
  };
  const fill = () => {
    for (const name of ['a10', 'a9', '-rf', '.hidden', '..odd', ' space ', "it's", 'new\nline', '*'])
      write(`d/${name}`);
    mkdirSync(join(home, 'd/z folder'));
    symlinkSync('z folder', join(home, 'd/link to folder'));
    symlinkSync('nowhere', join(home, 'd/broken'));
    write('d/big', 'x'.repeat(1234));
  };
  const told = (list: ReturnType<typeof readList>) =>
    list.entries.map(({ name, kind, link }) => `${kind}${link ? ' link' : ''} ${name}`);

  test.each(['with GNU find', 'with the shell alone'])('is listed, whatever its names are: %s', async (how) => {
    fill();
    const env: Record<string, string> = how === 'with GNU find' ? {} : withoutFind();
    const list = readList(await sh(listScript('~/d', false), env));
    expect(list.path).toBe(join(home, 'd'));
    expect(list.truncated).toBe(false);
    expect(told(list).slice(0, 2)).toEqual(['folder link link to folder', 'folder z folder']);
    expect(told(list)).toEqual(
      expect.arrayContaining([
        'file a9',
        'file a10',
        'file -rf',
        'file ..odd',
        'file .hidden',
        'file new\udc0aline',
        'other link broken',
        'file *',
        "file it's",
      ]),
    );
    expect(told(list).indexOf('file a9')).toBeLessThan(told(list).indexOf('file a10'));
    expect(list.entries).toHaveLength(13);
    const big = list.entries.find(({ name }) => name === 'big');
    expect(big?.size).toBe(how === 'with GNU find' ? 1234 : null);
  });

  test('an empty one, and a path that is no folder', async () => {
    write('d/file');
    mkdirSync(join(home, 'empty'));
    expect(readList(await sh(listScript('empty', false))).entries).toEqual([]);
    expect(readList(await sh(listScript('d/file', true))).path).toBe(join(home, 'd'));
    expect(readList(await sh(listScript('~/d/not/there', true))).path).toBe(join(home, 'd'));
    await expect(sh(listScript('~/not-there', false))).rejects.toThrow(/No such file/);
    await expect(sh(listScript('~/d/file', false))).rejects.toThrow(/Not a directory/);
  });

  test('nothing in a path is a command', async () => {
    const name = `$(touch ${home}/pwned)\`touch ${home}/pwned\`;'"`;
    mkdirSync(join(home, name.replaceAll('/', '')), { recursive: true });
    await expect(sh(listScript(name, false))).rejects.toThrow();
    expect(readList(await sh(listScript('.', false))).entries.map((entry) => entry.name)).not.toContain('pwned');
  });

  test('one with thirty thousand names is listed up to an end', async () => {
    mkdirSync(join(home, 'many'));
    await sh(`cd ${quote(join(home, 'many'))} && seq -f 'file-%05g' 30000 | xargs touch`);
    const list = readList(await sh(listScript('many', false)));
    expect(list.entries).toHaveLength(20_000);
    expect(list.truncated).toBe(true);
  });
});

test('shortcuts: what is there, each once', async () => {
  mkdirSync(join(home, 'scratch space'));
  const lines = inUserShell(placesScript('~/scratch space'), {
    environment: `export SCRATCH=${quote(join(home, 'scratch space'))} WORK=/not/there PROJECT=relative`,
    modules: [],
  });
  expect(readPlaces(`noise\n${await sh(lines)}`).slice(0, 2)).toEqual([
    { name: 'Home', path: home },
    { name: 'Work directory', path: join(home, 'scratch space') },
  ]);
});
