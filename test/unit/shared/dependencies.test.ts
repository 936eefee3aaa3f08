import { describe, expect, it } from 'vitest';
import {
  dependencyConditions,
  isDependencyLost,
  namesJob,
  readDependencies,
  writeDependencies,
} from '../../../electron/shared/dependency-policy.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { readMailEvents, writeMailEvents } from '../../../electron/shared/mail-policy.ts';

describe('dependencies', () => {
  it.each<[LauncherName, string]>([
    ['slurm', 'afterok:12:13_4,afterany:9'],
    ['slurm', 'aftercorr:12'],
    ['pbs', 'afterok:12.server,afternotok:3'],
    ['pbs', 'afterok:12[].server'],
    ['gridengine', '12,13.4'],
    ['lsf', 'done(12) && exit(13[4])'],
  ])('of %s are read and written: %s', (launcher, text) => {
    const read = readDependencies(text, launcher);
    expect(read).not.toBeNull();
    expect(writeDependencies(read ?? [], launcher)).toBe(text);
  });

  it.each<[LauncherName, string]>([
    ['slurm', 'afterok:12?afterany:13'],
    ['slurm', 'singleton'],
    ['slurm', 'after:12+5'],
    ['pbs', 'on:2'],
    ['gridengine', 'nightly*'],
    ['lsf', 'done(12) || done(13)'],
    ['lsf', 'done("nightly")'],
  ])('of %s that say more stay text: %s', (launcher, text) => {
    expect(readDependencies(text, launcher)).toBeNull();
  });

  it('are only what the scheduler knows', () => {
    expect(dependencyConditions('gridengine')).toEqual(['over']);
    expect(dependencyConditions('htcondor')).toEqual([]);
    expect(dependencyConditions('login')).toEqual([]);
  });

  it('name a job by its number, with or without task and server', () => {
    expect(namesJob('12_3', '12')).toBe(true);
    expect(namesJob('12', '12.server')).toBe(true);
    expect(namesJob('12[].server', '12[].server')).toBe(true);
    expect(namesJob('12', '123')).toBe(false);
  });
});

it('is lost where the job that is waited for ended in another way', () => {
  expect(isDependencyLost({ state: 'pending', nativeReason: 'DependencyNeverSatisfied' })).toBe(true);
  expect(isDependencyLost({ state: 'pending', nativeReason: 'Dependency' })).toBe(false);
  expect(isDependencyLost({ state: 'pending', nativeReason: 'Dependency condition invalid or never satisfied' })).toBe(
    true,
  );
  expect(isDependencyLost({ state: 'completed', nativeReason: 'DependencyNeverSatisfied' })).toBe(false);
});

describe('mail', () => {
  it('is asked for in the words of the scheduler', () => {
    expect(readMailEvents('END,FAIL', 'slurm')).toEqual(['end', 'fail']);
    expect(readMailEvents('ALL', 'slurm')).toEqual(['begin', 'end', 'fail']);
    expect(readMailEvents('TIME_LIMIT_80', 'slurm')).toBeNull();
    expect(writeMailEvents(['fail', 'begin'], 'slurm')).toBe('BEGIN,FAIL');
    expect(readMailEvents('ae', 'pbs')).toEqual(['fail', 'end']);
    expect(writeMailEvents(['end', 'fail'], 'gridengine')).toBe('ea');
    expect(readMailEvents('END', 'lsf')).toBeNull();
  });
});
