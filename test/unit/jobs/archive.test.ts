import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packScript } from '../../../electron/core/files/archive.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel archive '));
  mkdirSync(join(home, '.tunel/abc'), { recursive: true });
  mkdirSync(join(home, 'job/out'), { recursive: true });
  writeFileSync(join(home, '.tunel/abc/log'), 'printed\n');
  writeFileSync(join(home, 'job/out/job.log'), 'another\n');
  symlinkSync('log', join(home, 'job/latest'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const link = { name: 'job.log', target: '.tunel/abc/log' };
const pack = (): Buffer => execFileSync('sh', ['-c', packScript(join(home, 'job'), link)]);
const contentOf = (name: string): string =>
  execFileSync('tar', ['-xOf', '-', name], { input: pack(), encoding: 'utf8' });
const listed = (): string => execFileSync('tar', ['-tvf', '-'], { input: pack(), encoding: 'utf8' });

it('has the log as a file, and leaves all other links and files as they are', () => {
  symlinkSync(join(home, '.tunel/abc/log'), join(home, 'job/job.log'));
  expect(contentOf('job.log')).toBe('printed\n');
  expect(contentOf('./out/job.log')).toBe('another\n');
  expect(listed()).toContain('./latest -> log\n');
  expect(listed().match(/job\.log/g)).toHaveLength(2);
});

it.each(['.tunel/abc/gone', '.tunel/def/log'])('keeps a link that leads to %s', (target) => {
  symlinkSync(join(home, target), join(home, 'job/job.log'));
  expect(listed()).toContain(`./job.log -> ${join(home, target)}\n`);
});

it('keeps a file of that name', () => {
  writeFileSync(join(home, 'job/job.log'), 'own\n');
  expect(contentOf('./job.log')).toBe('own\n');
});
