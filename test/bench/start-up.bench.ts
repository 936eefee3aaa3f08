import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** How long commands take to start, as multiples of an empty Node process of the same run. Needs `npm run build`. */

const file = join(import.meta.dirname, '../../dist/cli.js');
const ROUNDS = 15;
const data = mkdtempSync(join(tmpdir(), 'tunel-start-up-'));
const env = { ...process.env, TUNEL_DATA_DIR: data };

const commands: Record<string, string[]> = {
  'node -e 0': ['-e', '0'],
  'tunel --version': [file, '--version'],
  'tunel clusters list': [file, 'clusters', 'list'],
  'tunel ps': [file, 'ps'],
  'tunel engine status': [file, 'engine', 'status'],
};

function measure(args: readonly string[]): number {
  const before = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect(stderr.replaceAll(/^(Engine| {2}).*\n/gm, '')).toBe('');
  expect(status).toBe(0);
  return performance.now() - before;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

beforeAll(() => {
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  // The engine that the others then find.
  measure([file, 'clusters', 'list']);
});
afterAll(() => {
  spawnSync(process.execPath, [file, 'engine', 'stop', '--force'], { env });
  rmSync(data, { recursive: true, force: true });
});

it('commands start within a few times an empty process', () => {
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  // In turns, so that other load of the machine meets all alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, args] of Object.entries(commands)) times.get(name)?.push(measure(args));
  }
  const base = median(times.get('node -e 0') ?? []);
  for (const [name, values] of times) {
    console.log(
      `${name.padEnd(22)} ${median(values).toFixed(0).padStart(5)} ms  ${(median(values) / base).toFixed(2)} x`,
    );
  }
});
