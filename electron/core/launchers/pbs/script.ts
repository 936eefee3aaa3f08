import { pbsSetByTunel } from '../../../shared/directives/pbs.ts';
import { quote, quoteAll } from '../../../shared/shell-quote.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import { takeFromLogin } from '../../ssh/shells/login-variables.ts';
import type { JobHandle, Submission } from '../common/launcher.ts';
import { grammar, readArray, splitOptions } from '../common/native-options.ts';
import { askerSection } from '../common/queue-access.ts';
import { fileFor, submittedFrom } from '../common/site-facts.ts';
import { submitOnce } from '../common/submit-once.ts';
import type { Flavor } from './reasons.ts';

/**
 * Grid Engine has commands of these names, and Slurm wrappers of them: only PBS answers `qstat --version` in this way.
 * `$flavor`: torque writes `Version: 6.1.1`, the others `pbs_version = 20.0.1`.
 */
const prelude = (site?: SchedulerFacts): string => `LC_ALL=C; export LC_ALL
${takeFromLogin('command -v qsub >/dev/null 2>&1 && command -v qstat >/dev/null 2>&1', ['PBS_HOME', 'PBS_DEFAULT', 'PBS_SERVER', 'PBS_CONF_FILE'])}
${site?.cluster ? `PBS_DEFAULT=${quote(site.cluster)} PBS_SERVER=${quote(site.cluster)}; export PBS_DEFAULT PBS_SERVER\n` : ''}me=$(id -un)
version=$(qstat --version 2>&1 </dev/null | head -n 5)
case $version in
  *pbs_version*) flavor=openpbs ;;
  *ersion:\\ [0-9]*) flavor=torque ;;
  *) flavor= ;;
esac
command -v qconf >/dev/null 2>&1 && flavor=`;

const here = `[ -n "$flavor" ] && command -v qsub >/dev/null 2>&1 || { emit absent 1 "$version"; return 0; }
emit flavor 0 "$flavor"`;

export const detectScript = (site?: SchedulerFacts): string => `${prelude(site)}
${here}
emit version 0 "$version"
section server qstat -B -f
section queues qstat -Q -f
${askerSection}
section nodes pbsnodes -a`;

const JOB_FILE = 'job.sh';

/**
 * What PBS runs. Its own log comes to the instance's directory only when the job ends, so that the job writes there itself.
 */
const jobScript = (directory: string): string => `#!/bin/sh
cd ${quote(directory)} || exit 1
exec ./run.sh >>"log\${PBS_ARRAY_INDEX:+-$PBS_ARRAY_INDEX}\${PBS_ARRAYID:+-$PBS_ARRAYID}" 2>&1
`;

/** Fifteen letters is what every version takes for a name. */
const pbsName = (jobName: string): string => jobName.replace('-', '').slice(0, 15);

const options = grammar(
  {
    0: '-V -h -X -z -f -F -k',
    1: '-a -A -c -l -m -M -p -P -q -u -v -W -D -w -K -T',
  },
  pbsSetByTunel,
  '-l place=excl',
);

/** How cores, memory and GPUs are asked for: `select` of OpenPBS, `ncpus` of each kind of PBS, `nodes` of Torque. */
type Request = 'chunks' | 'plain' | 'nodes';

const usualRequest = (flavor: Flavor, site: SchedulerFacts | undefined): Request =>
  flavor === 'torque' ? 'nodes' : site?.select === false ? 'plain' : 'chunks';

/** Names that the user's own `-l` gives; PBS refuses a request in two forms, and a name that comes twice. */
const ownNames = (options: readonly string[]): Set<string> =>
  new Set(
    options
      .filter((option) => !option.startsWith('-') || /^-l\b/.test(option))
      .flatMap((option) => option.replace(/^-l\s*/, '').split(/[,\s]+/))
      .flatMap((part) => /^(\w+)=/.exec(part)?.[1] ?? []),
  );

function requestArguments({ resources, site }: Submission, form: Request): string[] {
  const { cpus, gpus, nodes, options } = resources;
  const own = ownNames(options);
  if (own.has('select') || own.has('nodes')) return [];
  const asksForMemory = ['mem', 'vmem', 'pmem', 'pvmem'].some((name) => own.has(name));
  const memory = asksForMemory || site?.memory === 'none' ? null : resources.memory;
  const part = (name: string, value: number | null, unit = '') =>
    value !== null && value > 0 ? `:${name}=${value}${unit}` : '';
  const isPlain = asksForMemory || own.has('ncpus') || own.has('ngpus');
  if (form === 'chunks' && !isPlain) {
    if (cpus === null && memory === null && !gpus && nodes === null) return [];
    const chunk = `${part('ncpus', cpus ?? 1)}${part('mem', memory, 'mb')}${part('ngpus', gpus)}`;
    return ['-l', `select=${nodes ?? 1}${chunk}`];
  }
  const args: string[] = [];
  const add = (name: string, value: string | number): number =>
    own.has(name) ? 0 : args.push('-l', `${name}=${value}`);
  const isByNode = form === 'nodes' || (nodes ?? 1) > 1;
  if (isByNode && (cpus !== null || gpus || nodes !== null)) {
    add('nodes', `${nodes ?? 1}${part('ppn', cpus ?? 1)}${part('gpus', gpus)}`);
  } else if (!isByNode) {
    if (cpus !== null) add('ncpus', cpus);
    if (gpus) add('ngpus', gpus);
  }
  const isPerCore = site?.memory === 'per-core' || site?.memory === 'per-slot';
  if (memory !== null && isPerCore) add('pmem', `${Math.ceil(memory / (cpus ?? 1))}mb`);
  else if (memory !== null) add('mem', `${memory * (nodes ?? 1)}mb`);
  return args;
}

/** Each an argument of its own; the user's own options after ours. */
export function qsubArguments(
  submission: Submission,
  flavor: Flavor,
  form: Request = usualRequest(flavor, submission.site),
): string[] {
  const { jobName, resources } = submission;
  const { queue, account, time } = resources;
  const array = readArray(resources.array, 'pbs');
  const args = ['-N', pbsName(jobName), '-o', '/dev/null', '-j', 'oe', '-S', '/bin/sh', '-r', 'n'];
  if (queue !== '') args.push('-q', queue);
  if (account !== '') args.push('-A', account);
  if (time !== null && !ownNames(resources.options).has('walltime'))
    args.push('-l', `walltime=${Math.floor(time / 60)}:${String(time % 60).padStart(2, '0')}:00`);
  args.push(...requestArguments(submission, form));
  if (array && flavor === 'openpbs')
    args.push('-J', array.tasks, ...(array.atOnce === '' ? [] : ['-W', `max_run_subjobs=${array.atOnce}`]));
  if (array && flavor === 'torque') args.push('-t', `${array.tasks}${array.atOnce === '' ? '' : `%${array.atOnce}`}`);
  return [...args, ...splitOptions(resources.options, options)];
}

/** For reading: Torque's options differ. */
export function qsubCommand(submission: Submission): string {
  return quoteAll(['qsub', ...qsubArguments(submission, 'openpbs'), `${submission.directory}/${JOB_FILE}`]);
}

/** What qstat prints when the server was not reached, or may have taken a job all the same. */
const noAnswerPattern =
  'cannot connect|connection refused|communication failure|end of file|timed? ?out|no permission to connect';

export function submitScript(submission: Submission): string {
  const { directory, site } = submission;
  const name = quote(pbsName(submission.jobName));
  return `${prelude(site)}
if [ "$flavor" = torque ]; then set -- ${quoteAll(qsubArguments(submission, 'torque'))}
else set -- ${quoteAll(qsubArguments(submission, 'openpbs'))}; fi
${submitOnce({
  directory,
  here,
  // Without its history (-x) an ended job is not found; then its file `started` keeps it from a second run.
  lookUp: `history=; [ "$flavor" = torque ] || history=${site?.jobHistory === false ? '' : '-x'}
rows=$(qselect $history -u "$me" -N ${name} 2>&1) || rows=$(qselect -u "$me" -N ${name} 2>&1) || { emit lookup 1 "$rows"; return 1; }
rows_are_read '^[0-9]+' || return 1
known=$(printf '%s\\n' "$rows" | grep '^[0-9]' | tail -n 1)`,
  files: `printf '%s' ${quote(jobScript(directory))} >${JOB_FILE}`,
  command: submittedFrom(site, `$limit qsub "$@" ${fileFor(site, directory, JOB_FILE)}`),
  otherwise:
    site?.select === undefined
      ? { when: '\\bselect\\b|chunks?\\b', args: quoteAll(qsubArguments(submission, 'openpbs', 'plain')) }
      : undefined,
  id: 's/^\\([0-9][0-9]*\\(\\[\\]\\)\\{0,1\\}\\(\\.[A-Za-z0-9._-]*\\)\\{0,1\\}\\)$/\\1/p',
  noAnswer: noAnswerPattern,
  evidence: 'section queues qstat -Q -f',
})}`;
}

/**
 * Unknown jobs make qstat fail, and it reports the others all the same. OpenPBS keeps no history (`-x`) unless its site says
 * so, and then refuses the option for every job.
 */
export function pollScript(jobs: readonly JobHandle[]): string {
  if (jobs.length === 0) return `emit queue 0 ''`;
  const files = jobs.map((job, index) => `look ${index} ${quote(job.directory)}`);
  const { site } = jobs[0] ?? {};
  return `${prelude(site)}
${here}
TZ=UTC; export TZ
look() {
  [ ! -f "$2/asked" ] || emit "asked-$1" 0 ''
  [ ! -f "$2/exit" ] || emit "exit-$1" 0 "$(head -n 1 "$2/exit")"
}
set -- ${quoteAll(jobs.map((job) => job.id))}
if [ "$flavor" = torque ]; then answer qstat -f -t "$@"
elif ${site?.jobHistory === false ? 'true' : 'false'}; then answer qstat -t -f "$@"
else
  answer qstat -x -t -f "$@"
  case $errors in *'not configured to maintain job history'*) answer qstat -t -f "$@" ;; esac
fi
errors=$(printf '%s\\n' "$errors" | grep -Evi 'unknown job|has finished' | grep .)
[ "$code" = 0 ] || [ -n "$errors" ] || code=0
if [ "$code" = 0 ]; then emit queue 0 "$rows"; else emit queue "$code" "$errors"; return 0; fi
${files.join('\n')}`;
}

/**
 * `ask`: PBS has a command for it, qsig, which reaches every process of the job; what waits is withdrawn. `now`: qdel, which
 * sends TERM, and KILL after the site's kill_delay. One call for each job, as one that is gone makes the command fail.
 */
export function cancelScript(jobs: readonly JobHandle[], how: 'ask' | 'now'): string {
  if (jobs.length === 0) return 'return 0';
  const stops = jobs.map((job) => `stop ${quote(job.id)} ${quote(job.directory)}`);
  return `${prelude(jobs[0]?.site)}
${here}
stop() {
  [ ! -d "$2" ] || (umask 077; : >"$2/asked") 2>/dev/null
${
  how === 'ask'
    ? `  case $(qstat -f "$1" 2>/dev/null | sed -n 's/^ *job_state = //p') in
    [RESUB]) section "stop" qsig -s TERM "$1" ;;
    *) section "stop" qdel "$1" ;;
  esac`
    : '  section stop qdel "$1"'
}
}
${stops.join('\n')}
return 0`;
}

export const releaseScript = (jobs: readonly JobHandle[]): string => changeHold(jobs, 'release qrls');
export const holdScript = (jobs: readonly JobHandle[]): string => changeHold(jobs, 'hold qhold');

/** `change`: the name of the section, and the command. */
function changeHold(jobs: readonly JobHandle[], change: 'release qrls' | 'hold qhold'): string {
  if (jobs.length === 0) return 'return 0';
  return `${prelude(jobs[0]?.site)}
${here}
section ${change} -h u ${quoteAll(jobs.map((job) => job.id))}`;
}
