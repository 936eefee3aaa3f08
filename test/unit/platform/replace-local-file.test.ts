import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceLocalFile, writeInPlace } from '../../../electron/platform/replace-local-file.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-replace-'));
  path = join(folder, 'file');
  writeFileSync(path, 'old', { mode: 0o640 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const replace = (text: string, old: string) => replaceLocalFile(path, Buffer.from(text), sha256(old));

test('a file that was read is replaced with its mode, and one that was written meanwhile is not', async () => {
  await replace('new', 'old');
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o7777, readdirSync(folder)]).toEqual([
    'new',
    0o640,
    ['file'],
  ]);
  await expect(replace('mine', 'old')).rejects.toMatchObject({ code: 'file-changed' });
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('all names of a file show its new content', async () => {
  linkSync(path, join(folder, 'other'));
  await replace('new', 'old');
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('new');
});

test('a file that nobody may write is not replaced', async () => {
  chmodSync(path, 0o444);
  await expect(replace('new', 'old')).rejects.toMatchObject({ code: 'not-permitted' });
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('what a file held is kept where it can be neither written nor put back', async () => {
  const full = async () => Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }));
  const failure = AppError.from(
    await writeInPlace(path, Buffer.from('new'), Buffer.from('old'), full).catch((error: unknown) => error),
  );
  expect(failure.code).toBe('no-space');
  const copy = /What it held is in (.*)\.$/.exec(failure.hint ?? '')?.[1] ?? '';
  expect(readFileSync(copy, 'utf8')).toBe('old');
  rmSync(join(copy, '..'), { recursive: true });
});
