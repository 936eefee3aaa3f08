import { describe, expect, it } from 'vitest';
import type { Section } from '../../../electron/core/launchers/common/remote-script.ts';
import { endOf, readAccounting } from '../../../electron/core/launchers/gridengine/ends.ts';
import { submitError } from '../../../electron/core/launchers/gridengine/errors.ts';
import { readDetails, readPoll, readQueue, stateOf } from '../../../electron/core/launchers/gridengine/parse.ts';
import { readWaitingReason } from '../../../electron/core/launchers/gridengine/reasons.ts';
import { requestArguments } from '../../../electron/core/launchers/gridengine/request.ts';
import { qsubArguments, qsubCommand } from '../../../electron/core/launchers/gridengine/script.ts';
import {
  gridEngineBytes,
  gridEngineSeconds,
  readComplexes,
  readEnvironments,
  readNames,
  readQueueConfigs,
  readQueues,
  type Site,
  unknownSite,
} from '../../../electron/core/launchers/gridengine/site.ts';
import { textOf } from '../../../electron/core/launchers/gridengine/xml.ts';
import { describeReason, resourcesSchema } from '../../../electron/shared/instances.ts';
import { statusesOf } from '../../helpers/job-answers.ts';
import * as recorded from './recorded/gridengine.ts';

const section = (name: string, text: string, exitCode = 0): Section => ({ name, text, exitCode });
const site: Site = {
  complexes: readComplexes(recorded.complexes),
  environments: readEnvironments(recorded.environments),
  queues: readQueueConfigs(recorded.queues),
  projects: [],
};
const withOffers: Site = {
  ...site,
  queues: site.queues.map((queue) => ({ ...queue, environments: ['smp', 'open', 'mpi2'] })),
};
const words = (resources: object, at: Site = site) => requestArguments(resourcesSchema.parse(resources), at).join(' ');

describe('sites', () => {
  it('reads queues with their hosts', () => {
    expect(readQueues(recorded.queues, recorded.hosts, true)).toMatchObject([
      {
        name: 'all.q',
        state: 'UP',
        maxSeconds: 28_800,
        cpusPerNode: 4,
        memoryPerNode: 24_064,
        gpusPerNode: 2,
        nodes: 2,
        cpusTotal: 8,
        cpusFree: 7,
      },
      { name: 'short.q', state: 'UP', maxSeconds: 600, nodes: 2, cpusTotal: 8, cpusFree: 4 },
    ]);
    expect(site.queues[1]?.environments).toEqual(['smp', 'mpi', 'smp', 'orte']);
    expect(site.complexes.map(({ name, per }) => [name, per])).toEqual([
      ['h_rt', ''],
      ['h_vmem', ''],
      ['mem_free', ''],
      ['slots', 'slot'],
      ['gpu', 'slot'],
    ]);
    expect(readNames('no project list defined')).toEqual([]);
    expect(readNames('lab\nother\n')).toEqual(['lab', 'other']);
  });

  it('reads times and sizes', () => {
    expect(['8:00:00', '0:0:90', '3600', 'INFINITY', ''].map(gridEngineSeconds)).toEqual([
      28_800,
      90,
      3600,
      null,
      null,
    ]);
    expect(['1K', '1k', '2G', '23.5G', '-', 'INFINITY'].map(gridEngineBytes)).toEqual([
      1024,
      1000,
      2 ** 31,
      23.5 * 2 ** 30,
      null,
      null,
    ]);
  });
});

describe('requests', () => {
  it.each([
    [{}, ''],
    [{ queue: 'q', account: 'lab', time: 5 }, '-q q -A lab -l h_rt=300'],
    [{ cpus: 4, memory: 1000 }, '-pe smp 4 -l h_vmem=250M'],
    [{ gpus: 2, cpus: 2 }, '-pe smp 2 -l gpu=1'],
    [{ cpus: 4, options: ['-pe other 8'] }, ''],
  ])('asks %j as %s', (resources, text) => {
    expect(words(resources)).toBe(text);
  });

  it('takes what the site has: projects, counted memory, an environment that lets a relay in, so many on each node', () => {
    expect(words({ account: 'lab' }, { ...site, projects: ['lab'] })).toBe('-P lab');
    const counted = [...site.complexes, { name: 'm_mem_free', type: 'MEMORY', per: 'slot' as const }];
    expect(words({ memory: 1000, cpus: 2 }, { ...site, complexes: counted })).toBe('-pe smp 2 -l m_mem_free=500M');
    const limitless = site.queues.map((queue) => ({ ...queue, limitsMemory: false }));
    expect(words({ memory: 1000, cpus: 2 }, { ...site, queues: limitless })).toBe('-pe smp 2 -l mem_free=1000M');
    expect(words({ cpus: 2 }, withOffers)).toBe('-pe open 2');
    expect(words({ cpus: 2, nodes: 3 }, withOffers)).toBe('-pe mpi2 6');
  });

  it('refuses what the site cannot give, with what it has', () => {
    const refusal = (resources: object, at: Site = site) => {
      try {
        return words(resources, at);
      } catch (error) {
        return error;
      }
    };
    expect(refusal({ cpus: 3, nodes: 2 })).toMatchObject({
      code: 'limit-exceeded',
      detail: expect.stringMatching(/smp: \$pe_slots/),
    });
    expect(refusal({ cpus: 100 })).toMatchObject({ code: 'limit-exceeded' });
    expect(refusal({ gpus: 1, cpus: 4 })).toMatchObject({
      code: 'limit-exceeded',
      hint: expect.stringMatching(/one core/),
    });
    const without = { ...site, complexes: site.complexes.filter(({ name }) => name !== 'gpu') };
    expect(refusal({ gpus: 1 }, without)).toMatchObject({ code: 'limit-exceeded' });
  });
});

describe('qsub', () => {
  const submission = (resources: object) => ({
    instanceId: 'x',
    directory: '/home/ada/.tunel/x',
    jobName: 'tunel-x',
    resources: resourcesSchema.parse(resources),
  });

  it('gets each value as a word of its own', () => {
    const command = qsubCommand(
      submission({
        queue: "q'; rm -rf ~",
        cpus: 2,
        time: 1,
        options: ['-l hostname=e1', '-ac', 'a b'],
        array: '1-9:2%3',
      }),
    );
    expect(command).toBe(
      `qsub -terse -N tunel-x -wd /home/ada/.tunel/x -o ':/home/ada/.tunel/x/log-$JOB_ID.$TASK_ID' -j y -S /bin/sh -C '' -r n -t 1-9:2 -tc 3 -q 'q'\\''; rm -rf ~' -pe smp 2 -l h_rt=60 -l hostname=e1 -ac 'a b' /home/ada/.tunel/x/job.sh`,
    );
  });

  it.each([
    [['true']],
    [['-N x']],
    [['-sync y']],
    [['-l']],
    [['-pe smp']],
    [['-V', 'evil.sh']],
    [['-l a=1', 'evil.sh']],
    [['-l a=1\nb']],
  ])('does not take the options %j', (options) => {
    expect(() => qsubArguments(submission({ options }), unknownSite)).toThrow(/cannot be used/);
  });

  it('does not take an array that is none', () => {
    expect(() => qsubArguments(submission({ array: '1,2' }), unknownSite)).toThrow(/cannot read “1,2” as tasks/);
  });

  it.each([
    ['queue', 'queue-unknown', /all\.q/],
    ['project', 'account-invalid', /lab/],
    ['environment', 'limit-exceeded', /less/],
    ['resource', 'limit-exceeded', /less/],
    ['verified', 'limit-exceeded', /less/],
    ['away', 'command-failed', /again/],
  ] as const)('is understood when it refuses: %s', (what, code, hint) => {
    const error = submitError(recorded.refusals[what], submission({ queue: 'nope' }), {
      queues: ['all.q'],
      projects: ['lab'],
    });
    expect(error).toMatchObject({ code, hint: expect.stringMatching(hint), detail: recorded.refusals[what] });
  });
});

describe('jobs', () => {
  it('reads qstat', () => {
    const rows = readQueue(`a warning\n${recorded.qstat}`);
    expect(rows.map(({ id, task, status }) => [id, task, status.state])).toEqual([
      ['2', '', 'running'],
      ['15', '1', 'running'],
      ['7', '', 'pending'],
      ['14', '', 'held'],
      ['13', '', 'pending'],
      ['15', '[3-5:1]', 'pending'],
    ]);
    expect(rows[0]?.status).toMatchObject({
      node: 'e2',
      queue: 'all.q',
      startedAt: Date.UTC(2026, 10, 22, 9, 13, 6),
      endsAt: Date.UTC(2026, 10, 22, 9, 23, 6),
    });
    expect(textOf('<a n="1">x &lt;&amp;&#65; y</a>', 'a')).toBe('x <&A y');
  });

  it.each([
    ['r', 'running'],
    ['t', 'running'],
    ['dr', 'running'],
    ['hr', 'running'],
    ['Rr', 'running'],
    ['S', 'running'],
    ['T', 'running'],
    ['Rq', 'pending'],
    ['hRwq', 'pending'],
    ['Ehqw', 'held'],
    ['', 'unknown'],
  ])('reads the state %s as %s', (native, state) => {
    expect(stateOf(native)).toBe(state);
  });

  it('joins what one poll tells', () => {
    const statuses = statusesOf(
      readPoll(
        [
          section('queue', recorded.qstat),
          section('details', recorded.details),
          section('hold-user', '13'),
          section('history', recorded.accounting),
          section('asked-23', 'now'),
          section('exit-40', '5'),
          section('asked-41', 'ask'),
          section('exit-17', '100'),
        ],
        ['2', '7', '14', '13', '15', '17', '18', '22', '23', '38', '40', '41', '42'],
      ),
    );
    expect([...statuses.values()].map((job) => [job.id, job.state, job.heldBy, job.exitCode, job.signal])).toEqual([
      ['2', 'running', '', null, null],
      ['7', 'pending', '', null, null],
      ['14', 'held', 'system', null, null],
      ['13', 'held', 'user', null, null],
      ['15', 'running', '', null, null],
      ['17', 'failed', '', 100, null],
      ['18', 'failed', '', null, 11],
      ['22', 'timeout', '', null, null],
      ['23', 'cancelled', '', null, null],
      ['38', 'out-of-memory', '', null, null],
      ['40', 'failed', '', 5, null],
      ['41', 'cancelled', '', null, null],
      ['42', 'unknown', '', null, null],
    ]);
    expect(statuses.get('14')).toMatchObject({
      reason: 'it could not be started',
      nativeReason: "can't chdir to /nonexistent: No such file or directory",
    });
    expect(statuses.get('15')?.tasks).toEqual({ pending: 3, running: 1, completed: 0, failed: 0 });
    expect(readDetails(recorded.details).get('7')?.scheduler).toHaveLength(2);
  });

  it('leaves out what nobody can tell while accounting cannot be read', () => {
    expect(statusesOf(readPoll([section('queue', ''), section('history', 'error', 1)], ['5'])).has('5')).toBe(false);
  });

  it('reads accounting from the file and from qacct to the same', () => {
    const [line] = readAccounting(recorded.accounting.split('\n').at(-1) ?? '');
    const [block] = readAccounting(recorded.qacct);
    expect({ ...block, maxMemory: 0 }).toEqual({ ...line, maxMemory: 0 });
    expect(block?.maxMemory).toBeCloseTo(line?.maxMemory ?? 0, -4);
  });

  it('says of a kill that nobody of us asked for what it may have been', () => {
    const killed = readAccounting(recorded.accounting).find(({ id }) => id === '23')!;
    expect(endOf(killed, false)).toMatchObject({ state: 'failed', signal: 9, reason: expect.stringMatching(/qdel/) });
    expect(endOf({ ...killed, failed: 19, exitStatus: 0 }, false)).toMatchObject({ state: 'node-fail' });
    expect(endOf({ ...killed, failed: 26, exitStatus: 0 }, false)).toMatchObject({
      state: 'failed',
      exitCode: null,
      reason: 'its log could not be opened',
      nativeReason: 'failed 26',
    });
  });

  it.each([
    ['memoryFree', /^no node offers as much.*\(.*hl:mem_free=19\.501G\)$/],
    ['slots', /^no node has so many cores free \(.*smp/],
    ['limit', /^no queue takes what it asks for \(.*h_rt=356400/],
    ['full', /^waiting for enough free resources \(queue instance "all\.q@e2"/],
    ['poke', /^no node offers as much as it asks for \(\(-l mem_free/],
  ] as const)('says why a job waits: %s', (what, reason) => {
    expect(describeReason(readWaitingReason(recorded.reasons[what]))).toMatch(reason);
  });
});
