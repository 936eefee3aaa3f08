import { describe, expect, it } from 'vitest';
import {
  countPlaywright,
  countVitest,
  failure,
  judge,
  slowestOfPlaywright,
  slowestOfVitest,
} from '../../../build/test-run/results.mjs';

const end = { code: 0, timedOut: false };

describe('what the runners report', () => {
  it('counts what failed in vitest before, in and beside the tests, with the words of each', () => {
    const report = {
      files: [
        {
          name: 'a.test.ts',
          tests: [
            { name: 'one', state: 'passed', errors: [] },
            { name: 'two', state: 'skipped', errors: [] },
            { name: 'three', state: 'failed', errors: ['expected 1\n\n  to be 2\n', 'another'] },
          ],
          suites: [
            { name: '', errors: [] },
            { name: 'the cluster', errors: ['\u001b[31mHook timed out\u001b[39m'] },
          ],
        },
        { name: 'b.test.ts', tests: [], suites: [{ name: '', errors: ['Cannot find module'] }] },
      ],
      uncaught: ['boom'],
      unfinished: ['c.test.ts'],
    };
    expect(countVitest(report)).toEqual({
      passed: 1,
      failed: [
        { name: 'a.test.ts > three', error: ['expected 1', '  to be 2'] },
        { name: 'a.test.ts > the cluster', error: ['Hook timed out'] },
        { name: 'b.test.ts', error: ['Cannot find module'] },
        { name: 'an error that no test caught', error: ['boom'] },
        { name: 'c.test.ts did not end', error: [] },
      ],
      skipped: ['a.test.ts > two'],
    });
  });

  it('names the files that took longest, the longest first', () => {
    const file = (name: string, milliseconds: number) => ({ name, milliseconds, tests: [], suites: [] });
    expect(slowestOfVitest({ files: [file('a', 5), file('b', 900), file('c', 70)] })).toEqual([
      ['b', 900],
      ['c', 70],
      ['a', 5],
    ]);
    const spec = (...durations: number[]) => ({ tests: [{ results: durations.map((duration) => ({ duration })) }] });
    const suites = [
      { title: 'a.spec.ts', specs: [spec(1)] },
      { title: 'b.spec.ts', specs: [spec(1, 2)], suites: [{ title: 'group', specs: [spec(3)] }] },
    ];
    expect(slowestOfPlaywright({ suites })).toEqual([
      ['b.spec.ts', 6],
      ['a.spec.ts', 1],
    ]);
  });

  it('counts nested suites, flaky tests and errors of playwright, with the words of each', () => {
    const spec = (title: string, status: string, message?: string) => ({
      title,
      tests: [{ status, results: [{ errors: message ? [{ message }] : [] }] }],
    });
    const report = {
      suites: [
        {
          title: 'a.spec.ts',
          specs: [spec('one', 'expected')],
          suites: [
            {
              title: 'group',
              specs: [
                spec('two', 'flaky'),
                spec('three', 'skipped'),
                spec('four', 'unexpected', 'Error: \u001b[2mnot visible\u001b[22m'),
              ],
            },
          ],
        },
      ],
      errors: [{ message: 'no such file\nat here' }],
    };
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      failed: [
        { name: 'a.spec.ts › group › two', error: [] },
        { name: 'a.spec.ts › group › four', error: ['Error: not visible'] },
        { name: 'no such file', error: ['no such file', 'at here'] },
      ],
      skipped: ['a.spec.ts › group › three'],
    });
  });

  it('repeats only the first lines of a long error', () => {
    expect(failure('x', [Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n')]).error).toHaveLength(8);
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
      { passed: 2, failed: [failure('a')], skipped: [] },
      { code: 143, timedOut: true },
      ['a', 'stopped: over its time limit'],
    ],
    ['all is well', { passed: 2, failed: [], skipped: [] }, end, []],
  ])('fails when %s', (_name, counts, how, failed) => {
    expect(judge(counts, how).failed.map(({ name }) => name)).toEqual(failed);
  });
});
