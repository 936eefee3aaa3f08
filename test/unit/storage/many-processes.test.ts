import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-processes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('eight processes that write at once lose nothing', { timeout: 120_000 }, async () => {
  const outfile = join(root, 'test-results/bundles/storage-child.mjs');
  await build({
    entryPoints: [join(root, 'test/helpers/storage-child.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'error',
  });
  const data = join(folder, 'data');
  const children = Array.from({ length: 8 }, (_, number) =>
    spawn(process.execPath, [outfile, data, String(number)], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const ended = children.map((child) => once(child, 'exit'));
  // Each has read the files before the first of them writes.
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  for (const child of children) child.stdin.end('go\n');
  expect(await Promise.all(ended)).toEqual(children.map(() => [0, null]));

  const ids = children.flatMap((_, number) => [0, 1, 2, 3, 4].map((round) => `${number}-${round}`));
  const storage = openStorage(data, systemClock);
  expect(storage.notices.all).toEqual([]);
  expect(
    storage
      .clusters()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids);
  expect(
    storage
      .presets()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids);
  expect(Object.keys(storage.lastValues()).sort()).toEqual(ids);
  expect(JSON.parse(readFileSync(join(data, 'list.json'), 'utf8')).data.sort()).toEqual(ids);
  await storage.close();
});
