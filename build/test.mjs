#!/usr/bin/env node
// Runs every check and adds them up. `npm test -- unit lint` runs some of them.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runGroup } from './setup/group.mjs';
import { root } from './setup/paths.mjs';
import { explain, seconds } from './setup/step.mjs';
import { setup } from './setup.mjs';
import { startClusters } from './test-run/clusters.mjs';
import {
  countPlaywright,
  countVitest,
  failure,
  judge,
  slowestOfPlaywright,
  slowestOfVitest,
} from './test-run/results.mjs';

const results = join(root, 'test-results');
const minutes = 60_000;

function vitest(project, limit) {
  const file = join(results, `${project}.json`);
  return {
    command: 'vitest',
    args: [
      'run',
      '--project',
      project,
      '--reporter=default',
      `--reporter=${join(root, 'build/test-run/vitest-reporter.mjs')}`,
    ],
    env: { TUNEL_TEST_REPORT: file },
    report: file,
    count: countVitest,
    slowest: slowestOfVitest,
    limit,
  };
}

const parts = {
  lint: { command: 'biome', args: ['check', '.'], limit: 5 * minutes },
  types: { command: 'tsc', args: ['--noEmit'], limit: 5 * minutes },
  unit: vitest('unit', 10 * minutes),
  integration: { ...vitest('integration', 55 * minutes), needsClusters: true },
  e2e: {
    command: 'playwright',
    args: ['test'],
    report: join(results, 'e2e.json'),
    count: countPlaywright,
    slowest: slowestOfPlaywright,
    limit: 45 * minutes,
    needsClusters: true,
  },
};

function read(part, code) {
  // Lint and types are one check each.
  if (!part.report)
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? [] : [failure(part.command)], skipped: [] };
  try {
    const report = JSON.parse(readFileSync(part.report, 'utf8'));
    return { ...part.count(report), slowest: part.slowest(report) };
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { passed: 0, failed: [failure(`${part.command} wrote no report`)], skipped: [] };
  }
}

async function runPart(name, env) {
  const part = parts[name];
  const start = performance.now();
  console.log(`\n── ${name}`);
  if (part.report) rmSync(part.report, { force: true });
  const end = await runGroup(join(root, 'node_modules/.bin', part.command), part.args, {
    cwd: root,
    env: { ...env, ...part.env },
    limit: part.limit,
  });
  const counts = judge(read(part, end.code), end);
  return printResult({ name, counts, time: seconds(start), interrupted: end.interrupted });
}

function printResult(result) {
  const { name, counts, time } = result;
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : '';
  for (const [file, milliseconds] of counts.slowest ?? [])
    console.log(`  ${(milliseconds / 1000).toFixed(1).padStart(7)} s  ${file}`);
  console.log(`${name}: ${counts.passed} passed, ${counts.failed.length} failed${skipped}  ${time}`);
  return result;
}

/** The clusters as a part of their own: its time is theirs, not that of waiting for them. */
async function clustersPart(clusters) {
  console.log('\n── clusters');
  clusters.follow();
  const { counts, interrupted, milliseconds, built } = await clusters.done;
  const images = built > 0 ? `${built} images built` : 'no image built';
  return printResult({
    name: 'clusters',
    counts,
    time: `${(milliseconds / 1000).toFixed(1)} s, ${images}`,
    interrupted,
  });
}

function summarize(done) {
  console.log('');
  for (const { name, counts, time } of done) {
    const isGood = counts.failed.length + counts.skipped.length === 0;
    console.log(`${isGood ? '✓' : '✗'} ${name.padEnd(12)} ${String(counts.passed).padStart(5)} passed  ${time}`);
    for (const { name: test, error } of counts.failed) {
      console.log(`    failed: ${test}`);
      for (const line of error) console.log(`        ${line}`);
    }
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
  const start = performance.now();
  try {
    electron = await setup({ for: 'test' });
  } catch (error) {
    explain(error);
    console.log('0 passed, 1 failed');
    return 1;
  }
  const setupTime = seconds(start);
  mkdirSync(results, { recursive: true });
  const names = Object.keys(parts).filter((name) => chosen.length === 0 || chosen.includes(name));
  const clusters = names.some((name) => parts[name].needsClusters)
    ? startClusters({ log: join(results, 'clusters.log'), limit: 30 * minutes, env: process.env })
    : undefined;
  // A test's hook may take minutes, and building an image may take more: what could not be built above fails at once there.
  const env = { ...process.env, TUNEL_ELECTRON: electron.path, TUNEL_CLUSTERS_BUILD: 'no' };
  const done = [];
  const run = async (work) => {
    if (!done.at(-1)?.interrupted) done.push(await work());
  };
  let areClustersTold = false;
  for (const name of names) {
    if (parts[name].needsClusters && !areClustersTold) {
      await run(() => clustersPart(clusters));
      areClustersTold = true;
    }
    await run(() => runPart(name, env));
  }
  // Nothing may outlive this command, also where it was interrupted before the clusters were waited for.
  await clusters?.done;
  console.log(`\n  set-up took ${setupTime}, all together ${seconds(start)}`);
  const { passed, failed } = summarize(done);
  console.log(`${passed} passed, ${failed} failed`);
  if (done.at(-1)?.interrupted) return 130;
  return failed === 0 && passed > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
