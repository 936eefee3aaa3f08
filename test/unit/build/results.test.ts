import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, judge } from '../../../build/test-run/results.mjs';

const end = { code: 0, timedOut: false };

describe('what the runners report', () => {
  it('counts a file of vitest that failed before its tests', () => {
    const report = {
      testResults: [
        {
          name: 'a.test.ts',
          status: 'passed',
          assertionResults: [
            { status: 'passed', fullName: 'one' },
            { status: 'skipped', fullName: 'two' },
            { status: 'todo', fullName: 'three' },
          ],
        },
        { name: 'b.test.ts', status: 'failed', assertionResults: [] },
        { name: 'c.test.ts', status: 'failed', assertionResults: [{ status: 'failed', fullName: 'four' }] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 1, failed: ['b.test.ts', 'four'], skipped: ['two', 'three'] });
  });

  it('counts nested suites, flaky tests and errors of playwright', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
    const report = {
      suites: [
        {
          title: 'a.spec.ts',
          specs: [spec('one', 'expected')],
          suites: [
            { title: 'group', specs: [spec('two', 'flaky'), spec('three', 'skipped'), spec('four', 'unexpected')] },
          ],
        },
      ],
      errors: [{ message: 'no such file\nat here' }],
    };
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      failed: ['a.spec.ts › group › two', 'a.spec.ts › group › four', 'no such file'],
      skipped: ['a.spec.ts › group › three'],
    });
  });

  it.each([
    ['nothing was run', { passed: 0, failed: [], skipped: [] }, end, ['no test was run']],
    [
      'the runner ended badly',
      { passed: 2, failed: [], skipped: [] },
      { code: 1, timedOut: false },
      ['the runner ended with 1'],
    ],
    [
      'the time was over',
      { passed: 2, failed: ['a'], skipped: [] },
      { code: 143, timedOut: true },
      ['a', 'stopped: over its time limit'],
    ],
    ['all is well', { passed: 2, failed: [], skipped: [] }, end, []],
  ])('fails when %s', (_name, counts, how, failed) => {
    expect(judge(counts, how).failed).toEqual(failed);
  });
});
