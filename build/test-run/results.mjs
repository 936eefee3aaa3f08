// Reads what the runners wrote down. Every function is pure: report in, counts, names and words out.

import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ name: string, error: string[] }} Failure the first lines of what it said @typedef {{ passed: number, failed: Failure[], skipped: string[] }} Counts */

const errorLines = 8;

/**
 * What a reader of the summary needs: the first lines of the first error, without colours.
 * @param {string} name @param {readonly string[]} errors @returns {Failure}
 */
export function failure(name, errors = []) {
  const lines = stripVTControlCharacters(errors[0] ?? '').split('\n');
  return {
    name,
    error: lines
      .map((line) => line.trimEnd())
      .filter(Boolean)
      .slice(0, errorLines),
  };
}

/** @param {any} report what vitest-reporter.mjs wrote @returns {Counts} */
export function countVitest(report) {
  const counts = { passed: 0, failed: [], skipped: [] };
  for (const file of report.files) {
    for (const test of file.tests) {
      if (test.state === 'passed') counts.passed += 1;
      else if (test.state === 'failed') counts.failed.push(failure(`${file.name} > ${test.name}`, test.errors));
      else counts.skipped.push(`${file.name} > ${test.name}`);
    }
    // A file that could not be loaded, or whose set-up failed, has no failed test of its own.
    for (const suite of file.suites) {
      if (suite.errors.length > 0)
        counts.failed.push(failure([file.name, suite.name].filter(Boolean).join(' > '), suite.errors));
    }
  }
  for (const error of report.uncaught) counts.failed.push(failure('an error that no test caught', [error]));
  for (const name of report.unfinished) counts.failed.push(failure(`${name} did not end`));
  return counts;
}

/** @param {any} report playwright's JSON report @returns {Counts} */
export function countPlaywright(report) {
  const counts = { passed: 0, failed: [], skipped: [] };
  const visit = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const name = [...path, spec.title].join(' › ');
        if (test.status === 'expected') counts.passed += 1;
        else if (test.status === 'skipped') counts.skipped.push(name);
        else counts.failed.push(failure(name, errorsOf(test)));
      }
    }
    for (const child of suite.suites ?? []) visit(child, [...path, child.title]);
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  for (const error of report.errors) {
    const message = String(error.message ?? 'error');
    counts.failed.push(failure(stripVTControlCharacters(message).split('\n')[0], [message]));
  }
  return counts;
}

function errorsOf(test) {
  return (test.results ?? []).flatMap((result) => result.errors ?? []).map((error) => String(error.message ?? 'error'));
}

const slowestCount = 8;

/** @param {Map<string, number>} times milliseconds by file @returns {[string, number][]} the longest first */
const longest = (times) => [...times].sort(([, a], [, b]) => b - a).slice(0, slowestCount);

/** @param {any} report what vitest-reporter.mjs wrote @returns {[string, number][]} files and ms, with their waits for a cluster */
export function slowestOfVitest(report) {
  return longest(new Map(report.files.map(({ name, milliseconds }) => [name, milliseconds])));
}

/** @param {any} report playwright's JSON report @returns {[string, number][]} files and ms */
export function slowestOfPlaywright(report) {
  const timeOf = (suite) =>
    [
      ...(suite.specs ?? []).flatMap(({ tests }) => tests.flatMap(({ results }) => results.map((one) => one.duration))),
      ...(suite.suites ?? []).map(timeOf),
    ].reduce((sum, one) => sum + one, 0);
  return longest(new Map(report.suites.map((suite) => [suite.title, timeOf(suite)])));
}

/**
 * The verdict on one part. A runner that ended badly without a failed test, or that ran nothing, counts as one failure.
 * @param {Counts} counts @param {{ code: number, timedOut: boolean }} end
 * @returns {Counts}
 */
export function judge(counts, { code, timedOut }) {
  const failed = [...counts.failed];
  if (timedOut) failed.push(failure('stopped: over its time limit'));
  else if (counts.passed + counts.failed.length + counts.skipped.length === 0) failed.push(failure('no test was run'));
  else if (code !== 0 && failed.length === 0) failed.push(failure(`the runner ended with ${code}`));
  return { ...counts, failed };
}
