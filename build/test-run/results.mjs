// Reads what the runners wrote down. Every function is pure: report in, counts and names out.

/** @typedef {{ passed: number, failed: string[], skipped: string[] }} Counts */

/** @param {any} report vitest's JSON report @returns {Counts} */
export function countVitest(report) {
  const counts = { passed: 0, failed: [], skipped: [] };
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else (test.status === 'failed' ? counts.failed : counts.skipped).push(test.fullName);
    }
    // A file that could not be loaded, or whose set-up failed, has no failed test of its own.
    const hasFailedTest = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !hasFailedTest) counts.failed.push(file.name);
  }
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
        else (test.status === 'skipped' ? counts.skipped : counts.failed).push(name);
      }
    }
    for (const child of suite.suites ?? []) visit(child, [...path, child.title]);
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  for (const error of report.errors) counts.failed.push(String(error.message ?? 'error').split('\n')[0]);
  return counts;
}

/**
 * The verdict on one part. A runner that ended badly without a failed test, or that ran nothing, counts as one failure.
 * @param {Counts} counts @param {{ code: number, timedOut: boolean }} end
 * @returns {Counts}
 */
export function judge(counts, { code, timedOut }) {
  const failed = [...counts.failed];
  if (timedOut) failed.push('stopped: over its time limit');
  else if (counts.passed + counts.failed.length + counts.skipped.length === 0) failed.push('no test was run');
  else if (code !== 0 && failed.length === 0) failed.push(`the runner ended with ${code}`);
  return { ...counts, failed };
}
