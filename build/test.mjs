#!/usr/bin/env node
// Runs every check and adds them up. `npm test -- unit lint` runs some of them.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runGroup } from './setup/group.mjs';
import { root } from './setup/paths.mjs';
import { explain, seconds } from './setup/step.mjs';
import { setup } from './setup.mjs';
import { countPlaywright, countVitest, judge } from './test-run/results.mjs';

const results = join(root, 'test-results');
const minutes = 60_000;

function vitest(project, limit) {
  const file = join(results, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return {
    command: 'vitest',
    args: ['run', '--project', project, ...reporters],
    report: file,
    count: countVitest,
    limit,
  };
}

const parts = {
  lint: { command: 'biome', args: ['check', '.'], limit: 5 * minutes },
  types: { command: 'tsc', args: ['--noEmit'], limit: 5 * minutes },
  unit: vitest('unit', 10 * minutes),
  integration: vitest('integration', 45 * minutes),
  e2e: {
    command: 'playwright',
    args: ['test'],
    report: join(results, 'e2e.json'),
    count: countPlaywright,
    limit: 45 * minutes,
  },
};

function read(part, code) {
  // Lint and types are one check each.
  if (!part.report) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? [] : [part.command], skipped: [] };
  try {
    return part.count(JSON.parse(readFileSync(part.report, 'utf8')));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { passed: 0, failed: [`${part.command} wrote no report`], skipped: [] };
  }
}

async function runPart(name, env) {
  const part = parts[name];
  const start = performance.now();
  console.log(`\n── ${name}`);
  if (part.report) rmSync(part.report, { force: true });
  const end = await runGroup(join(root, 'node_modules/.bin', part.command), part.args, {
    cwd: root,
    env,
    limit: part.limit,
  });
  const counts = judge(read(part, end.code), end);
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : '';
  console.log(`${name}: ${counts.passed} passed, ${counts.failed.length} failed${skipped}  ${seconds(start)}`);
  return { name, counts, time: seconds(start), interrupted: end.interrupted };
}

function summarize(done) {
  console.log('');
  for (const { name, counts, time } of done) {
    const isGood = counts.failed.length + counts.skipped.length === 0;
    console.log(`${isGood ? '✓' : '✗'} ${name.padEnd(12)} ${String(counts.passed).padStart(5)} passed  ${time}`);
    for (const test of counts.failed) console.log(`    failed: ${test}`);
    for (const test of counts.skipped) console.log(`    skipped, which counts as failed: ${test}`);
  }
  const passed = done.reduce((sum, { counts }) => sum + counts.passed, 0);
  const failed = done.reduce((sum, { counts }) => sum + counts.failed.length + counts.skipped.length, 0);
  return { passed, failed };
}

async function main(chosen) {
  const unknown = chosen.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    console.error(`There is no part "${unknown.join('", "')}". Parts: ${Object.keys(parts).join(', ')}`);
    return 2;
  }
  let electron;
  try {
    electron = await setup({ for: 'test' });
  } catch (error) {
    explain(error);
    console.log('0 passed, 1 failed');
    return 1;
  }
  mkdirSync(results, { recursive: true });
  const env = { ...process.env, TUNEL_ELECTRON: electron.path };
  const done = [];
  for (const name of Object.keys(parts)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const result = await runPart(name, env);
    done.push(result);
    if (result.interrupted) break;
  }
  const { passed, failed } = summarize(done);
  console.log(`${passed} passed, ${failed} failed`);
  if (done.at(-1)?.interrupted) return 130;
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
