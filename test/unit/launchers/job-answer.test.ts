import { describe, expect, it } from 'vitest';
import { joinTasks } from '../../../electron/core/launchers/common/arrays.ts';
import { type JobAnswers, known, unreadLines } from '../../../electron/core/launchers/common/job-answer.ts';
import type { Section } from '../../../electron/core/launchers/common/remote-script.ts';
import { readPoll as readGridEngine } from '../../../electron/core/launchers/gridengine/parse.ts';
import { readPoll as readCondor } from '../../../electron/core/launchers/htcondor/parse.ts';
import { readLoginPoll } from '../../../electron/core/launchers/login/parse.ts';
import { readPoll as readLsf } from '../../../electron/core/launchers/lsf/parse.ts';
import { readPoll as readPbs } from '../../../electron/core/launchers/pbs/parse.ts';
import { readPoll as readSlurm } from '../../../electron/core/launchers/slurm/parse.ts';
import { unknownJob } from '../../../electron/shared/instances.ts';

const queue = (text: string): Section[] => [{ name: 'queue', exitCode: 0, text }];
const directory = '/home/ada/.tunel/a';

/** What each reader makes of a text that is the scheduler's whole answer about one job. */
const readers: Record<string, (text: string) => JobAnswers> = {
  slurm: (text) => readSlurm(queue(text), ['12']),
  htcondor: (text) => readCondor(queue(text), [{ id: '12.0', directory }]),
  pbs: (text) => readPbs(queue(text), ['12.server'], 'openpbs'),
  lsf: (text) => readLsf(queue(text), ['12']),
};
const kindOf = (answers: JobAnswers): string | undefined => [...answers.values()][0]?.kind;

describe.each(Object.entries(readers))('%s', (_, read) => {
  it.each(['Segmentation fault', 'Internal error: cannot open the library', '<html>502</html>', 'Job Id: 12.server'])(
    'takes %j for no answer',
    (text) => expect(kindOf(read(text))).toBe('unreadable'),
  );

  it.each(['', 'WARNING: this command goes away in 2027', 'Note: maintenance on Monday'])(
    'takes %j for an answer without the job',
    (text) => expect(kindOf(read(text))).toBe('absent'),
  );
});

it('says of a process that was not looked at nothing', () => {
  const job = { id: '7.9@login1', directory, pid: 7, start: '9', node: 'login1' };
  expect(kindOf(readLoginPoll([], [job]))).toBe('unreadable');
});

it('says nothing where accounting could not be read', () => {
  const history: Section = { name: 'history', exitCode: 1, text: 'error: failed' };
  const sections = [...queue(''), history];
  expect(kindOf(readSlurm(sections, ['12']))).toBe('unreadable');
  expect(kindOf(readGridEngine(sections, ['12']))).toBe('unreadable');
  expect(kindOf(readCondor(sections, [{ id: '12.0', directory }]))).toBe('unreadable');
});

it('takes a state without a name for no end, also of one task of an array', () => {
  const nameless = { ...unknownJob('12'), nativeState: 'BRAND_NEW' };
  expect(known(nameless)).toMatchObject({ kind: 'unreadable', reason: expect.stringContaining('BRAND_NEW') });
  const done = { ...unknownJob('12'), state: 'completed' as const };
  const whole = joinTasks('12', [
    { id: '12', task: '1', status: done },
    { id: '12', task: '2', status: nameless },
  ]);
  expect(known(whole).kind).toBe('unreadable');
  expect(kindOf(readSlurm(queue('12|BRAND_NEW|cpu|c1|1795328592|1795328592|N/A|None'), ['12']))).toBe('unreadable');
});

it('passes over the remarks of wrappers', () => {
  expect(unreadLines(['', '=====', 'warning: x', 'INFO you use an old client', 'Deprecated.'])).toBe('');
  expect(unreadLines(['12 is running', ' '])).toBe('12 is running');
});
