import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Launcher, Submission } from '../../../electron/core/launchers/common/launcher.ts';
import { submitError as lsfSubmitError } from '../../../electron/core/launchers/lsf/errors.ts';
import { lsf } from '../../../electron/core/launchers/lsf/index.ts';
import { lsfTime, readJobs } from '../../../electron/core/launchers/lsf/parse.ts';
import { submitError as pbsSubmitError } from '../../../electron/core/launchers/pbs/errors.ts';
import { pbs } from '../../../electron/core/launchers/pbs/index.ts';
import {
  pbsMemory,
  pbsSeconds,
  readPoll,
  readQueues,
  readRecords,
} from '../../../electron/core/launchers/pbs/parse.ts';
import { qsubArguments } from '../../../electron/core/launchers/pbs/script.ts';
import type { Shell } from '../../../electron/core/ssh/types.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { pollStatuses, statusesOf } from '../../helpers/job-answers.ts';
import * as manual from './recorded/from-the-manual.ts';

/**
 * There is no PBS and no LSF to be had here. These are the launchers' own scripts in a real shell, with programs in place of the
 * schedulers' that print what the manuals show: it proves the scripts and the readers, not the schedulers.
 */
let root: string;
let shell: Shell;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tunel-manual-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'home'));
  const env = { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, HOME: join(root, 'home'), LSF_ENVDIR: root };
  shell = {
    run: (script) =>
      new Promise((resolve, reject) => {
        const child = spawn('/bin/sh', ['-s'], { env, stdio: 'pipe' });
        let stdout = '';
        let stderr = '';
        child.stdout.on('data', (chunk: Buffer) => {
          stdout += chunk.toString();
        });
        child.stderr.on('data', (chunk: Buffer) => {
          stderr += chunk.toString();
        });
        child.on('error', reject);
        child.on('close', (code) => resolve({ stdout, stderr, exitCode: code ?? -1 }));
        child.stdin.end(script);
      }),
  };
});
afterEach(() => rmSync(root, { recursive: true }));

/** A program of that name; every call is noted in `calls`. */
function program(name: string, body: string): void {
  const file = join(root, 'bin', name);
  writeFileSync(
    file,
    `#!/bin/sh\nprintf '%s' ${name} >>'${root}/calls'; for word; do printf ' [%s]' "$word" >>'${root}/calls'; done; echo >>'${root}/calls'\n${body}\n`,
  );
  chmodSync(file, 0o755);
}
const says = (text: string): string => `cat <<'EOF_SAYS'\n${text}\nEOF_SAYS\n`;
const calls = (name: string): string[] =>
  existsSync(join(root, 'calls'))
    ? readFileSync(join(root, 'calls'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`${name} `) || line === name)
    : [];

function instance(resources: object = {}): Submission {
  const directory = join(root, 'home', 'x');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'run.sh'), '#!/bin/sh\necho ran\n');
  chmodSync(join(directory, 'run.sh'), 0o700);
  return {
    instanceId: 'abcdefghij',
    directory,
    jobName: 'tunel-abcdefghij',
    resources: resourcesSchema.parse(resources),
  };
}

async function short(launcher: Launcher, ids: string[]): Promise<unknown[]> {
  const statuses = await pollStatuses(
    launcher,
    shell,
    ids.map((id) => ({ id, directory: '/nonexistent' })),
  );
  return ids.map((id) => {
    const job = statuses.get(id);
    return [id, job?.state, job?.heldBy, job?.exitCode, job?.signal];
  });
}

describe('PBS', () => {
  const openpbs = (): void => {
    program('qselect', 'exit 0');
    program(
      'qstat',
      `case "$*" in
  --version) echo 'pbs_version = 20.0.1' ;;
  *-Q*) ${says(manual.pbsQueues)} ;;
  *-B*) ${says(manual.pbsServer)} ;;
  *) ${says(manual.openpbsJobs)}\nexit 153 ;;
esac`,
    );
    program('pbsnodes', says(manual.pbsNodes));
    program('qsub', 'echo 10.server');
    program('qsig', 'exit 0');
    program('qdel', 'echo "qdel: Unknown Job Id $1" >&2; exit 153');
  };

  it('is told apart from Grid Engine and from the wrappers that Slurm brings', async () => {
    openpbs();
    expect((await pbs.detect(shell))?.version).toBe('PBS 20.0.1');
    program('qconf', 'exit 0');
    expect(await pbs.detect(shell)).toBeNull();
    rmSync(join(root, 'bin', 'qconf'));
    program('qstat', `echo 'Unknown option: version'; exit 2`);
    expect(await pbs.detect(shell)).toBeNull();
    program('qstat', `echo 'Version: 6.1.1.1'`);
    expect((await pbs.detect(shell))?.version).toBe('Torque 6.1.1.1');
  });

  it('reads queues', async () => {
    openpbs();
    const info = await pbs.detect(shell);
    expect(info?.queues).toMatchObject([
      {
        name: 'workq',
        isDefault: true,
        state: 'UP',
        maxSeconds: 86_400,
        defaultSeconds: 3600,
        cpusPerNode: 8,
        memoryPerNode: 16_384,
        gpusPerNode: 2,
      },
      { name: 'closed', isDefault: false, state: 'DOWN', cpusPerNode: 16 },
    ]);
    expect(readQueues(manual.pbsQueues, manual.torqueNodes, '')[0]).toMatchObject({
      cpusPerNode: 12,
      memoryPerNode: 16_000,
      gpusPerNode: 1,
    });
    expect([pbsSeconds('1:00:00:00'), pbsSeconds('90'), pbsMemory('2gw'), pbsMemory('x')]).toEqual([
      86_400,
      90,
      16_384,
      null,
    ]);
  });

  it('submits once, with a log the job writes itself', async () => {
    openpbs();
    const submission = instance({ cpus: 2, memory: 500, time: 90, gpus: 1, queue: 'q x' });
    expect(await Promise.all([pbs.submit(shell, submission), pbs.submit(shell, submission)])).toEqual([
      '10.server',
      '10.server',
    ]);
    expect(calls('qsub')).toEqual([
      'qsub [-N] [tunelabcdefghij] [-o] [/dev/null] [-j] [oe] [-S] [/bin/sh] [-r] [n] [-q] [q x] [-l] [walltime=1:30:00] [-l] [select=1:ncpus=2:mem=500mb:ngpus=1] [./job.sh]',
    ]);
    await shell.run(`sh ${submission.directory}/job.sh`);
    expect(readFileSync(join(submission.directory, 'log'), 'utf8')).toBe('ran\n');
    rmSync(join(submission.directory, 'jobid'));
    program('qsub', 'echo 11.server');
    const find = () => pbs.submit(shell, { ...submission, findOnly: true });
    program('qselect', 'true');
    await expect(find()).rejects.toMatchObject({ code: 'not-found' });
    program('qselect', 'echo 10.server');
    expect(await find()).toBe('10.server');
    rmSync(join(submission.directory, 'jobid'));
    expect(await pbs.submit(shell, submission)).toBe('10.server');
    expect(calls('qsub')).toHaveLength(1);
    const torque = qsubArguments(instance({ cpus: 2, memory: 500, gpus: 1, array: '1-9%2' }), 'torque').slice(10);
    expect(torque.join(' ')).toBe('-l nodes=1:ppn=2:gpus=1 -l mem=500mb -t 1-9%2');
  });

  it('reads every state and end in one call', async () => {
    openpbs();
    const ids = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 99].map((id) => `${id}.server`);
    expect(await short(pbs, [...ids, '21[].server', '1; reboot'])).toEqual([
      ['10.server', 'running', '', null, null],
      ['11.server', 'pending', '', null, null],
      ['12.server', 'pending', '', null, null],
      ['13.server', 'held', 'user', null, null],
      ['14.server', 'held', 'system', null, null],
      ['15.server', 'failed', '', 3, null],
      ['16.server', 'timeout', '', null, null],
      ['17.server', 'cancelled', '', null, null],
      ['18.server', 'failed', '', null, 11],
      ['19.server', 'out-of-memory', '', null, null],
      ['20.server', 'cancelled', '', null, null],
      ['99.server', 'unknown', '', null, null],
      ['21[].server', 'running', '', null, null],
      ['1; reboot', 'unknown', '', null, null],
    ]);
    expect(calls('qstat').filter((call) => !call.includes('--version'))).toHaveLength(1);
    const statuses = await pollStatuses(
      pbs,
      shell,
      [...ids, '21[].server'].map((id) => ({ id, directory: '/nonexistent' })),
    );
    expect(statuses.get('10.server')).toMatchObject({
      node: 'node1',
      queue: 'workq',
      endsAt: Date.UTC(2026, 10, 22, 9, 23, 6),
    });
    expect(statuses.get('11.server')).toMatchObject({
      startsAt: Date.UTC(2026, 10, 22, 10),
      reason: 'waiting for enough free resources',
      nativeReason: 'Insufficient amount of resource: ncpus (R: 8 A: 0 T: 16)',
    });
    expect(statuses.get('12.server')?.reason).toMatch(/^no node can ever give/);
    expect(statuses.get('21[].server')?.tasks).toEqual({ pending: 1, running: 1, completed: 1, failed: 0 });
  });

  it('looks at every job of several, and stops each', async () => {
    openpbs();
    const jobs = [0, 3, 126].map((exit) => {
      const directory = join(root, 'home', `job-${exit}`);
      mkdirSync(directory);
      writeFileSync(join(directory, 'exit'), `${exit}\n`);
      return { id: `${900 + exit}.server`, directory };
    });
    const statuses = await pollStatuses(pbs, shell, jobs);
    expect(jobs.map(({ id }) => statuses.get(id)?.exitCode)).toEqual([0, 3, 126]);
    await pbs.cancel(shell, jobs, 'now');
    expect(calls('qdel')).toEqual(['qdel [900.server]', 'qdel [903.server]', 'qdel [1026.server]']);
    expect(jobs.map(({ directory }) => existsSync(join(directory, 'asked')))).toEqual([true, true, true]);
  });

  it('asks a server that keeps no history without it', async () => {
    openpbs();
    program('qstat', manual.qstatWithoutHistory);
    const over = { id: '1235.pbs01', directory: join(root, 'home', 'over') };
    mkdirSync(over.directory);
    writeFileSync(join(over.directory, 'exit'), '7\n');
    const statuses = await pollStatuses(pbs, shell, [{ id: '1234.pbs01', directory: '/nonexistent' }, over]);
    expect(statuses.get('1234.pbs01')).toMatchObject({ state: 'running', node: 'n1' });
    expect(statuses.get(over.id)).toMatchObject({ state: 'failed', exitCode: 7 });
  });

  it('reads a record whose environment holds exported functions', () => {
    const records = readRecords(manual.jobWithFunctions);
    expect(records.map(({ name }) => name)).toEqual(['1234.pbs01', '1235.pbs01']);
    expect(records[0]?.fields.get('Exit_status')).toBe('0');
    expect(records[0]?.fields.get('job_state')).toBe('F');
    const status = statusesOf(
      readPoll([{ name: 'queue', exitCode: 0, text: manual.jobWithFunctions }], ['1234.pbs01'], 'openpbs'),
    );
    expect(status.get('1234.pbs01')).toMatchObject({ state: 'completed', exitCode: 0, endedAt: 1764410400_000 });
  });

  it('reads Torque by its own codes, and rejects while the server is away', async () => {
    program('qstat', `case "$*" in --version) echo 'Version: 6.1.1.1' ;; *) ${says(manual.torqueJobs)} ;; esac`);
    program('qsub', 'exit 1');
    expect(await short(pbs, ['30.server', '31.server', '32.server'])).toEqual([
      ['30.server', 'timeout', '', null, null],
      ['31.server', 'failed', '', null, 15],
      ['32.server', 'completed', '', 0, null],
    ]);
    program(
      'qstat',
      `case "$*" in --version) echo 'Version: 6.1.1.1' ;; *) echo 'qstat: cannot connect to server server (errno=111) Connection refused' >&2; exit 111 ;; esac`,
    );
    await expect(pollStatuses(pbs, shell, [{ id: '30.server', directory: '/x' }])).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/does not answer/),
    });
  });

  it('asks by a signal, and takes the end of a job that is gone for no error', async () => {
    openpbs();
    await pbs.cancel(shell, [{ id: '10.server', directory: '/x' }], 'ask');
    expect(calls('qsig')).toEqual([]);
    program('qstat', `case "$*" in --version) echo 'pbs_version = 20.0.1' ;; *) echo '    job_state = R' ;; esac`);
    await pbs.cancel(shell, [{ id: '10.server', directory: '/x' }], 'ask');
    expect(calls('qsig')).toEqual(['qsig [-s] [TERM] [10.server]']);
    await pbs.cancel(shell, [{ id: '10.server', directory: '/x' }], 'now');
    program('qdel', 'echo "qdel: Unauthorized Request 10.server" >&2; exit 159');
    await expect(pbs.cancel(shell, [{ id: '10.server', directory: '/x' }], 'now')).rejects.toMatchObject({
      code: 'command-failed',
      detail: /Unauthorized/,
    });
  });

  it.each([
    ['qsub: Unknown queue', 'queue-unknown'],
    ['qsub: Job violates queue and/or server resource limits', 'limit-exceeded'],
    ['qsub: Invalid account', 'account-invalid'],
    ['Connection refused\nqsub: cannot connect to server server (errno=15010)', 'command-failed'],
    ['qsub: something else', 'submit-failed'],
  ])('understands %j', (words, code) => {
    expect(pbsSubmitError(words, instance({ queue: 'nope' }), ['workq'])).toMatchObject({ code, detail: words });
  });
});

describe('LSF', () => {
  const spectrum = (): void => {
    program('lsid', says(manual.lsfId));
    program('bqueues', says(manual.lsfQueues));
    program('lshosts', says(manual.lsfHosts));
    program(
      'bjobs',
      `case "$*" in *-J*) echo 'Job <tunel> is not found' >&2; exit 255 ;; *) ${says(manual.lsfJobs)}\nexit 255 ;; esac`,
    );
    program('date', `case "$*" in +%s) echo ${manual.lsfNow} ;; *) exec /bin/date "$@" ;; esac`);
    program('bsub', "echo 'Job <10> is submitted to queue <normal>.'");
    program('bkill', 'echo "Job <10>: Job has already finished" >&2; exit 255');
  };

  it('reads version and queues; is null elsewhere', async () => {
    expect(await lsf.detect(shell)).toBeNull();
    spectrum();
    const info = await lsf.detect(shell);
    expect(info?.version).toBe('10.1.0.12');
    expect(info?.queues).toMatchObject([
      {
        name: 'normal',
        isDefault: true,
        state: 'UP',
        maxSeconds: 28_800,
        defaultSeconds: 3600,
        cpusPerNode: 16,
        memoryPerNode: 64_204,
      },
      { name: 'short', isDefault: false, state: 'DOWN', maxSeconds: 600, defaultSeconds: 600 },
    ]);
  });

  it('submits once', async () => {
    spectrum();
    const submission = instance({
      cpus: 2,
      memory: 500,
      time: 90,
      gpus: 1,
      account: 'p',
      options: ['-R select[mem>8000]'],
    });
    expect(await Promise.all([lsf.submit(shell, submission), lsf.submit(shell, submission)])).toEqual(['10', '10']);
    expect(calls('bsub')).toEqual([
      `bsub [-J] [tunel-abcdefghij] [-cwd] [${submission.directory}] [-o] [/dev/null] [-rn] [-P] [p] [-W] [90] [-n] [2] [-R] [span[hosts=1]] [-M] [500MB] [-R] [rusage[mem=500MB]] [-gpu] [num=1] [-R] [select[mem>8000]] [${submission.directory}/job.sh]`,
    ]);
    await shell.run(`sh ${submission.directory}/job.sh`);
    expect(readFileSync(join(submission.directory, 'log'), 'utf8')).toBe('ran\n');
  });

  it('reads every state and end in one call', async () => {
    spectrum();
    const ids = ['10', '11', '12', '13', '14', '15', '16', '17', '18', '19', '99'];
    expect(await short(lsf, ids)).toEqual([
      ['10', 'running', '', null, null],
      ['11', 'pending', '', null, null],
      ['12', 'held', 'user', null, null],
      ['13', 'failed', '', 3, null],
      ['14', 'timeout', '', null, null],
      ['15', 'out-of-memory', '', null, null],
      ['16', 'cancelled', '', null, null],
      ['17', 'failed', '', null, 11],
      ['18', 'completed', '', 0, null],
      ['19', 'running', '', null, null],
      ['99', 'unknown', '', null, null],
    ]);
    expect(calls('bjobs')).toHaveLength(1);
    const statuses = await pollStatuses(
      lsf,
      shell,
      ids.map((id) => ({ id, directory: '/nonexistent' })),
    );
    expect(statuses.get('10')).toMatchObject({
      node: 'hosta',
      startedAt: (manual.lsfNow - 394) * 1000,
      endsAt: (manual.lsfNow + 206) * 1000,
    });
    expect(statuses.get('11')).toMatchObject({
      reason: 'waiting for enough free resources',
      nativeReason: expect.stringMatching(/^Job requirements/),
    });
    expect(statuses.get('19')?.tasks).toEqual({ pending: 0, running: 1, completed: 1, failed: 0 });
    // Suspended for ten minutes, in which its run time does not count.
    const [paused] = readJobs(
      '10|0|RUN|normal|hosta|Nov 22 09:00|Nov 22 09:00|-|60 second(s)|-|-|-|-',
      Date.UTC(2026, 10, 22, 9, 11),
    );
    expect(paused?.status.startedAt).toBe(Date.UTC(2026, 10, 22, 9));
    const now = Date.UTC(2027, 0, 2);
    expect(lsfTime('Dec 31 23:59', now)).toBe(Date.UTC(2026, 11, 31, 23, 59));
    expect(lsfTime('Jan  1 00:01 L', now)).toBe(Date.UTC(2027, 0, 1, 0, 1));
  });

  it('rejects while it is away; a job that is gone is no error', async () => {
    spectrum();
    await lsf.cancel(shell, [{ id: '10', directory: '/x' }], 'ask');
    expect(calls('bkill')).toEqual(['bkill [-s] [TERM] [10]']);
    program('bjobs', 'echo "LSF is down. Please wait ..." >&2; exit 255');
    const away = { code: 'command-failed', message: expect.stringMatching(/does not answer/) };
    await expect(pollStatuses(lsf, shell, [{ id: '10', directory: '/x' }])).rejects.toMatchObject(away);
    await expect(lsf.submit(shell, instance())).rejects.toMatchObject(away);
    expect(calls('bsub')).toEqual([]);
  });

  it.each([
    ['nope: No such queue. Job not submitted.', 'queue-unknown'],
    ["RUNLIMIT: Cannot exceed queue's hard limit(s). Job not submitted.", 'limit-exceeded'],
    ['Project name is not valid. Job not submitted.', 'account-invalid'],
    ['LSF is down. Please wait ...', 'command-failed'],
    ['Request aborted by esub. Job not submitted.', 'submit-failed'],
  ])('understands %j', (words, code) => {
    expect(lsfSubmitError(words, instance({ queue: 'nope' }), ['normal'])).toMatchObject({ code, detail: words });
  });
});
