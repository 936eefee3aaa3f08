import { lsfSetByTunel } from '../../../shared/directives/lsf.ts';
import type { Resources } from '../../../shared/instances.ts';
import { quote, quoteAll } from '../../../shared/shell-quote.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import { takeFromLogin } from '../../ssh/shells/login-variables.ts';
import type { JobHandle, Submission } from '../common/launcher.ts';
import { grammar, readArray, splitOptions } from '../common/native-options.ts';
import { submittedFrom } from '../common/site-facts.ts';
import { submitOnce } from '../common/submit-once.ts';
import { jobFields } from './parse.ts';

const prelude = `LC_ALL=C; export LC_ALL
${takeFromLogin('command -v bsub >/dev/null 2>&1 && [ -n "$LSF_ENVDIR" ]', ['LSF_ENVDIR', 'LSF_SERVERDIR', 'LSF_LIBDIR', 'LSF_BINDIR', 'LD_LIBRARY_PATH'])}
me=$(id -un)`;

const here = `command -v bsub >/dev/null 2>&1 && command -v bjobs >/dev/null 2>&1 && command -v lsid >/dev/null 2>&1 || { emit absent 1 ''; return 0; }`;

export const detectScript = `${prelude}
${here}
section version lsid
section queues bqueues -l
section open bqueues -w -u "$(id -un)"
section hosts lshosts -w`;

const JOB_FILE = 'job.sh';

/** What LSF runs. Its own output comes to a file only when the job ends, so that the job writes to its log itself. */
const jobScript = (directory: string): string => `#!/bin/sh
cd ${quote(directory)} || exit 1
case \${LSB_JOBINDEX:-0} in 0) log=log ;; *) log=log-$LSB_JOBINDEX ;; esac
exec ./run.sh >>"$log" 2>&1
`;

const options = grammar(
  {
    0: '-H -x -rn -XF',
    1: '-a -app -b -c -C -D -data -E -Ep -eptl -ext -F -G -g -gpu -jsdl -k -L -Lp -m -M -mig -n -network -P -p -q -R -S -sla -sp -swp -T -t -U -u -v -w -W -We -wt',
  },
  lsfSetByTunel,
  '-R select[mem>8000]',
);

/** Each an argument of its own; the user's own options after ours. `-rn`: an app that began again by itself would be another one. */
export function bsubArguments({ directory, jobName, resources, site }: Submission): string[] {
  const { queue, account, cpus, time, gpus, nodes } = resources;
  const array = readArray(resources.array, 'lsf');
  const name = array ? `${jobName}[${array.tasks}]${array.atOnce === '' ? '' : `%${array.atOnce}`}` : jobName;
  const args = ['-J', name, '-cwd', site?.submitFrom ?? directory, '-o', '/dev/null', '-rn'];
  if (site?.cluster) args.push('-clusters', site.cluster);
  if (queue !== '') args.push('-q', queue);
  if (account !== '') args.push('-P', account);
  if (time !== null) args.push('-W', String(time));
  if (cpus !== null || (nodes ?? 1) > 1) {
    const perNode = cpus ?? 1;
    args.push('-n', String(perNode * (nodes ?? 1)));
    args.push('-R', (nodes ?? 1) > 1 ? `span[ptile=${perNode}]` : 'span[hosts=1]');
  }
  args.push(...memoryArguments(resources, site?.memory));
  if (gpus !== null && gpus > 0) args.push('-gpu', `num=${gpus}`);
  return [...args, ...splitOptions(resources.options, options)];
}

/** What the user says of memory replaces ours, as LSF adds up what it is asked for in several places. */
function memoryArguments({ memory, cpus, nodes, options: own }: Resources, form: SchedulerFacts['memory']): string[] {
  if (memory === null || form === 'none') return [];
  const text = own.join(' ');
  const isPerSlot = form === 'per-core' || form === 'per-slot';
  const amount = isPerSlot ? Math.ceil(memory / ((cpus ?? 1) * (nodes ?? 1))) : memory;
  return [
    ...(/(^|\s)-M\b/.test(text) ? [] : ['-M', `${amount}MB`]),
    ...(/rusage\[[^\]]*\bmem\b/.test(text) ? [] : ['-R', `rusage[mem=${amount}MB]`]),
  ];
}

export function bsubCommand(submission: Submission): string {
  return quoteAll(['bsub', ...bsubArguments(submission), `${submission.directory}/${JOB_FILE}`]);
}

const noAnswerPattern =
  'LSF is down|not responding|cannot connect|timed? ?out|communication|failed in an LSF library call|try later';

export function submitScript(submission: Submission): string {
  const { site } = submission;
  const job = `${submission.directory}/${JOB_FILE}`;
  return `${prelude}
${submitOnce({
  directory: submission.directory,
  here,
  // bjobs fails with this message when there is none.
  lookUp: `rows=$(bjobs -a -noheader -o jobid -J ${quote(submission.jobName)} 2>&1) || case $rows in
  *'not found'* | *'No matching job'*) rows= ;;
  *) emit lookup 1 "$rows"; return 1 ;;
esac
rows_are_read '^[0-9]+' || return 1
known=$(printf '%s\\n' "$rows" | grep '^[0-9][0-9]*' | tail -n 1)`,
  files: `printf '%s' ${quote(jobScript(submission.directory))} >${JOB_FILE} && chmod 700 ${JOB_FILE}`,
  command: submittedFrom(site, `$limit bsub ${quoteAll([...bsubArguments(submission), job])}`),
  id: 's/^Job <\\([0-9][0-9]*\\)> is submitted.*/\\1/p',
  noAnswer: noAnswerPattern,
  evidence: `emit queues 0 "$(bqueues -o queue_name -noheader 2>/dev/null)"`,
})}`;
}

/** Unknown jobs make bjobs say so, and it reports the others all the same. */
export function pollScript(jobs: readonly JobHandle[]): string {
  if (jobs.length === 0) return `emit queue 0 ''`;
  const files = jobs.map((job, index) => `look ${index} ${quote(job.directory)}`);
  return `${prelude}
${here}
TZ=UTC; export TZ
look() { [ ! -f "$2/exit" ] || emit "exit-$1" 0 "$(head -n 1 "$2/exit")"; }
emit now 0 "$(date +%s)"
answer bjobs -a -noheader -o ${quote(`${jobFields} delimiter='|'`)} ${quoteAll(jobs.map((job) => job.id))}
errors=$(printf '%s\\n' "$errors" | grep -vi 'is not found' | grep .)
[ "$code" = 0 ] || [ -n "$errors" ] || code=0
if [ "$code" = 0 ]; then emit queue 0 "$rows"; else emit queue "$code" "$errors"; return 0; fi
${files.join('\n')}`;
}

/** `ask`: TERM to the job's processes; what waits is withdrawn. `now`: bkill, which sends INT, TERM and KILL in turn. */
export function cancelScript(jobs: readonly JobHandle[], how: 'ask' | 'now'): string {
  if (jobs.length === 0) return 'return 0';
  const ids = quoteAll(jobs.map((job) => job.id));
  return `${prelude}
${here}
section stop bkill ${how === 'ask' ? '-s TERM ' : ''}${ids}`;
}

export const releaseScript = (jobs: readonly JobHandle[]): string => changeHold(jobs, 'release bresume');
export const holdScript = (jobs: readonly JobHandle[]): string => changeHold(jobs, 'hold bstop');

/** `change`: the name of the section, and the command. */
function changeHold(jobs: readonly JobHandle[], change: 'release bresume' | 'hold bstop'): string {
  if (jobs.length === 0) return 'return 0';
  return `${prelude}
${here}
section ${change} ${quoteAll(jobs.map((job) => job.id))}`;
}
