import { describe, expect, test } from 'vitest';
import { readSetting } from '../../../cli/actions/settings.ts';
import { readCluster } from '../../../cli/cluster-input.ts';
import { UsageError } from '../../../cli/usage-error.ts';

describe('a cluster of the command line', () => {
  const saved = readCluster(
    {},
    { name: 'hpc', address: 'ada@login.example:2222' },
    { jump: 'ada@gate.example,bob@second.example', queue: 'gpu', module: ['gcc', 'cuda'] },
  );

  test('has what was given, and the defaults', () => {
    expect(saved).toMatchObject({ name: 'hpc', user: 'ada', host: 'login.example', port: 2222, transport: 'ssh2' });
    expect(saved.jumps.map(({ host }) => host)).toEqual(['gate.example', 'second.example']);
    expect(saved.defaults).toMatchObject({ launcher: 'auto', queue: 'gpu', modules: ['gcc', 'cuda'] });
  });

  test('keeps what an edit does not name', () => {
    const edited = readCluster(saved, {}, { account: 'p42', launcher: 'slurm' });
    expect(edited).toEqual({ ...saved, defaults: { ...saved.defaults, account: 'p42', launcher: 'slurm' } });
    const moved = readCluster(saved, { address: 'ada@new.example' }, { jump: '' });
    expect(moved).toMatchObject({ host: 'new.example', port: 22, jumps: [] });
  });

  test('is refused with what is wrong', () => {
    expect(() => readCluster(saved, { address: 'ada@-x' }, {})).toThrow(UsageError);
    expect(() => readCluster(saved, {}, { launcher: 'fork' })).toThrow('--launcher');
    expect(() => readCluster(saved, { name: '' }, {})).toThrow('name');
  });
});

test('a setting is text or JSON, by what it takes', () => {
  expect(readSetting('theme', 'dark')).toEqual({ theme: 'dark' });
  expect(readSetting('askOnQuit', 'false')).toEqual({ askOnQuit: false });
  expect(readSetting('logLines', '200')).toEqual({ logLines: 200 });
  expect(readSetting('recipeFolders', '["/a"]')).toEqual({ recipeFolders: ['/a'] });
  expect(() => readSetting('theme', 'pink')).toThrow(UsageError);
  expect(() => readSetting('logLines', '1')).toThrow(UsageError);
  expect(() => readSetting('colour', 'x')).toThrow('theme');
});
