import { afterEach, describe, expect, it } from 'vitest';
import type { JobHandle } from '../../../electron/core/launchers/common/launcher.ts';
import { launchers } from '../../../electron/core/launchers/index.ts';
import type { ErrorCode } from '../../../electron/shared/errors.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { prints, type ShellName, StubNode, shells } from '../../helpers/stub-shell.ts';
import { installScheduler } from './stub-schedulers.ts';

type Name = Exclude<LauncherName, 'login'>;

const programs: Record<Name, string> = {
  slurm: 'scontrol',
  htcondor: 'condor_release',
  gridengine: 'qrls',
  pbs: 'qrls',
  lsf: 'bresume',
};
const holding: Record<Name, string> = {
  slurm: 'scontrol',
  htcondor: 'condor_hold',
  gridengine: 'qhold',
  pbs: 'qhold',
  lsf: 'bstop',
};
const names = Object.keys(programs) as Name[];
const shellNames = Object.keys(shells) as ShellName[];
const cases = shellNames.flatMap((shell) => names.map((launcher) => ({ shell, launcher })));

const idOf = (launcher: Name, number: number): string =>
  launcher === 'htcondor' ? `${number}.0` : launcher === 'pbs' ? `${number}.server` : String(number);

let node: StubNode | null = null;
afterEach(() => {
  node?.remove();
  node = null;
});

/** A login node where these jobs are on hold; the program that releases does `body`. */
function setUp(shell: ShellName, launcher: Name, count: number, body = 'exit 0') {
  node = new StubNode(shell, { SGE_ROOT: '/nonexistent/sge', LSF_ENVDIR: '/nonexistent/lsf' });
  installScheduler(node, launcher, []);
  const jobs: JobHandle[] = Array.from({ length: count }, (_, index) => ({
    id: idOf(launcher, 1000 + index),
    directory: '/d',
  }));
  if (launcher === 'htcondor') node.program('condor_q', prints(jobs.map(({ id }) => `${id} 5`).join('\n')));
  node.program(programs[launcher], body);
  return { node, jobs, release: launchers[launcher].release! };
}

describe.each(cases)('$launcher in $shell', ({ shell, launcher }) => {
  it.each([1, 2])('releases %i jobs', async (count) => {
    const { node, jobs, release } = setUp(shell, launcher, count);
    await release(node.shell, jobs);
    const words = node.calls(programs[launcher]).flatMap((call) => call.match(/(?<=\[)[^\]]*(?=\])/g) ?? []);
    expect(words.filter((word) => jobs.some(({ id }) => id === word))).toEqual(jobs.map(({ id }) => id));
  });
});

it('has a release for every scheduler and none for the login node', () => {
  const able = Object.values(launchers).filter(({ release }) => release !== undefined);
  expect(able.map(({ name }) => name).sort()).toEqual([...names].sort());
});

/** As the sources and manuals of the schedulers have them; the first and the third of Slurm were seen on a real one. */
const refusals: [Name, string, ErrorCode, RegExp][] = [
  ['slurm', 'Access/permission denied for job 1000', 'conflict', /administrator/],
  ['slurm', 'Job is no longer pending execution for job 1000', 'conflict', /not on hold/],
  ['slurm', 'Invalid job id specified for job 1000', 'not-found', /no longer has/],
  ['slurm', 'slurm_suspend error: Unable to contact slurm controller (connect failure)', 'command-failed', /answer/],
  ['htcondor', 'Permission denied to release job 1000.0', 'conflict', /administrator/],
  ['htcondor', 'Job 1000.0 not held to be released', 'conflict', /not on hold/],
  ['htcondor', 'Job 1000.0 not found', 'not-found', /no longer has/],
  ['gridengine', 'denied: "ada" must be operator for this operation', 'conflict', /administrator/],
  ['gridengine', 'denied: job "1000" does not exist', 'not-found', /no longer has/],
  ['gridengine', 'error: unable to contact qmaster using port 6444 on host "q"', 'command-failed', /answer/],
  ['pbs', 'qrls: Unauthorized Request  1000.server', 'conflict', /administrator/],
  ['pbs', 'qrls: Request invalid for state of job 1000.server', 'conflict', /not on hold/],
  ['pbs', 'qrls: Unknown Job Id 1000.server', 'not-found', /no longer has/],
  ['pbs', 'qrls: cannot connect to server server (errno=111)', 'command-failed', /answer/],
  ['lsf', 'Job <1000>: User permission denied', 'conflict', /administrator/],
  ['lsf', 'Job <1000>: Job has already started', 'conflict', /not on hold/],
  ['lsf', 'Job <1000>: No matching job found', 'not-found', /no longer has/],
  ['lsf', 'Job <1000>: Something else', 'command-failed', /refused/],
];

it.each(refusals)('%s: %s is %s', async (launcher, output, code, message) => {
  const { node, jobs, release } = setUp('dash', launcher, 1, `${prints(output)} >&2\nexit 1`);
  await expect(release(node.shell, jobs)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

describe('before anything is released', () => {
  it.each(names)('%s takes no id that is none', async (launcher) => {
    const { node, release } = setUp('dash', launcher, 1);
    const jobs = [{ id: '1; touch /tmp/x', directory: '/d' }];
    await expect(release(node.shell, jobs)).rejects.toMatchObject({ code: 'not-found' });
    expect(node.calls(programs[launcher])).toEqual([]);
  });

  it('asks HTCondor which jobs of a submission are on hold', async () => {
    const { node, release } = setUp('dash', 'htcondor', 1);
    node.program('condor_q', prints('1000.0 2\n1000.1 5'));
    await release(node.shell, [{ id: '1000', directory: '/d' }]);
    expect(node.calls('condor_release')).toEqual(['condor_release [1000.1]']);
    node.program('condor_q', prints('1000.0 2\n1000.1 2'));
    await expect(release(node.shell, [{ id: '1000', directory: '/d' }])).rejects.toMatchObject({ code: 'conflict' });
    expect(node.calls('condor_release')).toHaveLength(1);
  });
});

describe('a job that waits', () => {
  it.each(cases)('is held by $launcher in $shell', async ({ shell, launcher }) => {
    const { node, jobs } = setUp(shell, launcher, 2);
    node.program(holding[launcher], 'exit 0');
    if (launcher === 'htcondor') node.program('condor_q', prints('1000.0 1\n1001.0 2'));
    await launchers[launcher].hold?.(node.shell, jobs);
    const words = node.calls(holding[launcher]).flatMap((call) => call.match(/(?<=\[)[^\]]*(?=\])/g) ?? []);
    // A job of HTCondor's that runs would be ended by it.
    const held = launcher === 'htcondor' ? ['1000.0'] : jobs.map(({ id }) => id);
    expect(words.filter((word) => jobs.some(({ id }) => id === word))).toEqual(held);
  });

  /** What only an administrator may release is no matter of a hold. */
  const known = refusals.filter(([, , , message]) => !message.test('administrator'));

  it.each(known)('%s: %s is an error of a hold, too', async (launcher, output, code) => {
    const { node, jobs } = setUp('dash', launcher, 1);
    if (launcher === 'htcondor') node.program('condor_q', prints('1000.0 1'));
    node.program(holding[launcher], `${prints(output)} >&2\nexit 1`);
    await expect(launchers[launcher].hold?.(node.shell, jobs)).rejects.toMatchObject({ code });
  });

  it('is none where HTCondor runs it already', async () => {
    const { node, jobs } = setUp('dash', 'htcondor', 1);
    node.program('condor_hold', 'exit 0');
    node.program('condor_q', prints('1000.0 2'));
    await expect(launchers.htcondor.hold?.(node.shell, jobs)).rejects.toMatchObject({ code: 'conflict' });
    expect(node.calls('condor_hold')).toEqual([]);
  });
});
