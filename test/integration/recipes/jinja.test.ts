import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderTemplate } from '../../../electron/core/recipes/template.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { type Case, generate } from './generate.ts';

/** Debian's python3, for which the set-up installs python3-jinja2. */
const python = spawn('/usr/bin/python3', [join(import.meta.dirname, 'render.py')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

async function answer(): Promise<Record<string, string>> {
  const { value, done } = await answers.next();
  if (done) throw new Error('python3 ended: is python3-jinja2 installed? (npm run setup)');
  return JSON.parse(value);
}

async function renderReal(cases: readonly Case[]): Promise<Record<string, string>[]> {
  const results: Record<string, string>[] = [];
  for (let start = 0; start < cases.length; start += 50) {
    const some = cases.slice(start, start + 50);
    python.stdin.write(some.map((one) => `${JSON.stringify(one)}\n`).join(''));
    for (const _ of some) results.push(await answer());
  }
  return results;
}

function renderOurs({ template, context, includes }: Case): Record<string, string> {
  try {
    const read = (name: string) => (Object.hasOwn(includes, name) ? { file: name, text: includes[name] ?? '' } : null);
    return { text: renderTemplate('t', template, context, read) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'template-invalid') return { error: error.message };
    throw error;
  }
}

let version: string | undefined;
beforeAll(async () => {
  version = (await answer()).version;
});
afterAll(async () => {
  python.stdin.end();
  if (python.exitCode === null) await once(python, 'exit');
});

test('generated templates render as the real Jinja2 renders them, or fail where it fails', async () => {
  const count = Number(process.env.TUNEL_JINJA_COUNT ?? 2000);
  const first = Number(process.env.TUNEL_JINJA_SEED ?? 1);
  const cases = Array.from({ length: count }, (_, index) => generate(first + index));
  const began = performance.now();
  const real = await renderReal(cases);
  const rendered = performance.now();
  const different: string[] = [];
  let failed = 0;
  for (const [index, one] of cases.entries()) {
    const ours = renderOurs(one);
    const theirs = real[index] ?? {};
    if (theirs.error !== undefined) failed++;
    if (ours.text === theirs.text && (ours.error === undefined) === (theirs.error === undefined)) continue;
    different.push(JSON.stringify({ seed: first + index, template: one.template, ours, theirs }, null, 1));
  }
  console.log(
    `Jinja2 ${version}: ${count} templates, ${count - different.length} equal (${failed} of them errors in both; ${seconds(began, rendered)} s there, ${seconds(rendered)} s here)`,
  );
  expect(different.slice(0, 9).join('\n\n')).toBe('');
});

const seconds = (from: number, to = performance.now()): string => ((to - from) / 1000).toFixed(1);
