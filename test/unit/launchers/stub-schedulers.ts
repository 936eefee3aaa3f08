import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { prints, type StubNode } from '../../helpers/stub-shell.ts';
import * as manual from './recorded/from-the-manual.ts';
import * as gridengine from './recorded/gridengine.ts';
import * as slurm from './recorded/slurm.ts';

/** `exitCode`: null while it runs. */
export interface StubJob {
  number: number;
  exitCode: number | null;
  directory: string;
}

/** Programs of a scheduler with these jobs, each printing what the real one prints (recorded/). */
export function installScheduler(node: StubNode, launcher: LauncherName, jobs: readonly StubJob[]): void {
  const active = jobs.filter(({ exitCode }) => exitCode === null);
  const ended = jobs.filter(({ exitCode }) => exitCode !== null);
  installers[launcher](node, active, ended);
}

type Install = (node: StubNode, active: readonly StubJob[], ended: readonly StubJob[]) => void;
const lines = (jobs: readonly StubJob[], line: (job: StubJob) => string, separator = '\n'): string =>
  jobs.map(line).join(separator);

const installSlurm: Install = (node, active, ended) => {
  const row = ({ number }: StubJob) => `${number}|RUNNING|cpu|c1|1795328592|1795328592|1795329192|None`;
  const past = ({ number, exitCode }: StubJob) =>
    `${number}|FAILED|${exitCode}:0|cpu|c1|1795328592|1795328592|1795328593|None`;
  node.program('squeue', `case "$*" in *' -n '*) exit 0 ;; esac\n${prints(lines(active, row))}`);
  node.program('sacct', `case "$*" in *--name*) exit 0 ;; esac\n${prints(lines(ended, past))}`);
  node.program('scontrol', `case "$*" in *partition*) ${prints(slurm.partitions)} ;; esac`);
  node.program(
    'sinfo',
    `case "$*" in *--version*) echo 'slurm 24.11.5' ;; *--json*) exit 1 ;; *) ${prints(slurm.sinfo)} ;; esac`,
  );
  node.program('sbatch', `case "$*" in *--test-only*) echo '${slurm.testOnly}' >&2 ;; *) echo 25 ;; esac`);
  node.program('scancel', 'exit 0');
  node.program('sacctmgr', 'exit 1');
};

const ad = (job: StubJob, fields: string): string => `{
  "ClusterId": ${job.number},
  ${fields}
  "Iwd": "${job.directory}",
  "JobCurrentStartDate": 1795338748,
  "NumJobStarts": 1,
  "Owner": "ada",
  "ProcId": 0,
  "QDate": 1795338746,
  "ServerTime": 1795338769
}
`;

const installCondor: Install = (node, active, ended) => {
  const running = (job: StubJob) => ad(job, '"JobStatus": 2,');
  const past = (job: StubJob) => ad(job, `"ExitBySignal": false,\n  "ExitCode": ${job.exitCode},\n  "JobStatus": 4,`);
  const list = (text: string) => (text === '' ? '[\n]' : `[\n${text}]`);
  const states = lines(active, ({ number }) => `${number}.0 2`);
  node.program(
    'condor_q',
    `case "$*" in *JobBatchName*) exit 0 ;; *-json*) ${prints(list(lines(active, running, ',\n')))} ;; *'== 3'*) exit 0 ;; *) ${prints(states)} ;; esac`,
  );
  node.program(
    'condor_history',
    `case "$*" in *JobBatchName*) exit 0 ;; *) ${prints(list(lines(ended, past, ',\n')))} ;; esac`,
  );
  node.program('condor_submit', `case "$*" in *-dry-run*) echo 'Dry-Run job(s).' ;; *) echo '25.0 - 25.0' ;; esac`);
  node.program('condor_ssh_to_job', 'exit 0');
  node.program('condor_rm', 'exit 0');
  node.program('condor_version', "echo '$CondorVersion: 23.9.6 2024-08-08 $'");
  node.program('condor_status', 'echo 4 4000 0 1 Unclaimed');
  node.program('condor_config_val', 'exit 1');
};

const installGridEngine: Install = (node, active, ended) => {
  const row = ({ number }: StubJob) => `    <job_list state="running">
      <JB_job_number>${number}</JB_job_number>
      <state>r</state>
      <JAT_start_time>2026-11-22T09:13:06</JAT_start_time>
      <queue_name>all.q@e2</queue_name>
      <full_job_name>tunel-x${number}</full_job_name>
    </job_list>`;
  const xml = `<?xml version='1.0'?>\n<job_info>\n  <queue_info>\n${lines(active, row)}\n  </queue_info>\n  <job_info>\n  </job_info>\n</job_info>`;
  const table = `job-ID  prior   name       user         state submit/start at     queue\n---\n${lines(active, ({ number }) => `   ${number} 0.50000 tunel-x    ada          r     11/22/2026 09:13:06 all.q@e2  1`)}`;
  // A table of 200 rows is printed by a file, as a command line of a stub has limits.
  writeFileSync(join(node.root, 'qstat.xml'), xml);
  node.program(
    'qstat',
    `case "$*" in *-help*) echo 'SGE 8.1.9' ;; *-xml*) cat '${node.root}/qstat.xml' ;; *) ${prints(table)} ;; esac`,
  );
  const record = ({ number, exitCode }: StubJob) => {
    const fields = gridengine.accounting.split('\n')[1]!.split(':');
    fields[5] = String(number);
    fields[12] = String(exitCode);
    return fields.join(':');
  };
  node.program('id', `case "$*" in -un) echo ada ;; *) exec /usr/bin/id "$@" ;; esac`);
  node.program('qacct', `for id; do :; done; echo "error: job id $id not found" >&2; exit 1`);
  node.program(
    'qconf',
    `case "$*" in *-sql*) echo all.q ;; *-sq*) ${prints(gridengine.queues)} ;; *-sc*) ${prints(gridengine.complexes)} ;; *) exit 1 ;; esac`,
  );
  node.program('qhost', prints(gridengine.hosts));
  node.program('qsub', `case "$*" in *'-w v'*) echo 'verification: found suitable queue(s)' ;; *) echo 25 ;; esac`);
  node.program('qdel', 'exit 0');
  node.program(
    'tail',
    `case "$*" in *accounting*) ${prints(lines(ended, record))} ;; *) exec /usr/bin/tail "$@" ;; esac`,
  );
};

const installPbs: Install = (node, active, ended) => {
  const record = ({ number }: StubJob) => `Job Id: ${number}.server
    Job_Name = tunelabc
    job_state = R
    queue = workq
    exec_host = node1/0
    stime = Sun Nov 22 09:13:06 2026

`;
  const past = ({ number, exitCode }: StubJob) => `Job Id: ${number}.server
    job_state = F
    Exit_status = ${exitCode}
    substate = 93

`;
  node.program('qselect', 'exit 0');
  node.program(
    'qstat',
    `case "$*" in
  --version) echo 'pbs_version = 20.0.1' ;;
  *-Q*) ${prints(manual.pbsQueues)} ;;
  *-B*) ${prints(manual.pbsServer)} ;;
  '-f '*) echo '    job_state = R' ;;
  *) ${prints(`${lines(active, record, '')}${lines(ended, past, '')}`)} ;;
esac`,
  );
  node.program('pbsnodes', prints(manual.pbsNodes));
  node.program('qsub', 'echo 25.server');
  node.program('qsig', 'exit 0');
  node.program('qdel', 'exit 0');
};

const installLsf: Install = (node, active, ended) => {
  const row = ({ number }: StubJob) =>
    `${number}|0|RUN|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:23 L|394 second(s)|10.0/hosta|-|-|-`;
  const past = ({ number, exitCode }: StubJob) =>
    `${number}|0|EXIT|normal|hosta|Nov 22 09:13|Nov 22 09:13|Nov 22 09:14 L|60 second(s)|-|${exitCode}|-|-`;
  node.program('lsid', prints(manual.lsfId));
  node.program('bqueues', prints(manual.lsfQueues));
  node.program('lshosts', prints(manual.lsfHosts));
  node.program(
    'bjobs',
    `case "$*" in *-J*) echo 'Job <tunel> is not found' >&2; exit 255 ;; *) ${prints(lines([...active, ...ended], (job) => (job.exitCode === null ? row(job) : past(job))))} ;; esac`,
  );
  node.program('bsub', "echo 'Job <25> is submitted to queue <normal>.'");
  node.program('bkill', 'exit 0');
};

const installers: Readonly<Record<LauncherName, Install>> = {
  login: () => undefined,
  slurm: installSlurm,
  htcondor: installCondor,
  gridengine: installGridEngine,
  pbs: installPbs,
  lsf: installLsf,
};
