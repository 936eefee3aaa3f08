import { AppError } from '../../../shared/errors.ts';
import type { Resources } from '../../../shared/instances.ts';
import { throwFirstProblem } from '../../../shared/launch-problems.ts';
import { message } from '../../../shared/messages.ts';
import { quote, quoteAll } from '../../../shared/shell-quote.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import { slurmOptionProblems } from '../../../shared/slurm-options-policy.ts';
import { takeFromLogin } from '../../ssh/shells/login-variables.ts';
import type { JobHandle, Submission } from '../common/launcher.ts';
import { readArray } from '../common/native-options.ts';
import { fileFor, submittedFrom } from '../common/site-facts.ts';
import { submitOnce } from '../common/submit-once.ts';
import { accessSections } from './access.ts';
import { accountingAbsent, historyFields, queueFormat } from './parse.ts';
import { sinfoFormat } from './queues.ts';

/**
 * Times come as epoch seconds: a login node's time zone need not be ours. Lists of an array's tasks come whole.
 */
export const prelude = (
  site?: SchedulerFacts,
): string => `${site?.cluster ? `SLURM_CLUSTERS=${quote(site.cluster)}; export SLURM_CLUSTERS\n` : ''}LC_ALL=C; SLURM_TIME_FORMAT=%s; SLURM_BITSTR_LEN=0; export LC_ALL SLURM_TIME_FORMAT SLURM_BITSTR_LEN
${takeFromLogin('command -v sinfo >/dev/null 2>&1', ['SLURM_CONF'])}
me=$(id -un)`;

/** JSON is cut off, so that a very large cluster's cannot fill memory: the reader then takes the text forms. */
export const detectScript = (site?: SchedulerFacts): string => `${prelude(site)}
command -v sbatch >/dev/null 2>&1 && command -v sinfo >/dev/null 2>&1 && command -v squeue >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
section version sinfo --version
section sinfo sinfo -h -o ${quote(sinfoFormat)}
section partitions scontrol show partition -o
${accessSections}
json=$(sinfo --json 2>/dev/null | head -c 2000000)
emit json 0 "$json"
if ${site?.accounting === false ? 'false' : 'command -v sacctmgr >/dev/null 2>&1'}; then
  section default-account sacctmgr -nP show user "$me" format=defaultaccount
  section accounts sacctmgr -nP show assoc user="$me" format=account,partition,qos,defaultqos
fi`;

/** Where --test-only says no and a submission is taken all the same: to wait for a node or a queue. */
const untrustedRefusals =
  'not available now|node not available|nodes? (is|are) busy|unrecognized option|invalid option';
/** sbatch got no answer, so that a job may exist. */
const noAnswerPattern = 'timed out|contact slurm controller|Zero Bytes|connection|communication';

/** `%` begins a pattern in the names of Slurm's output files. */
const outputPath = (path: string): string => path.replaceAll('%', '%%');

/**
 * Each an argument of its own; the user's own options after ours, as the last one counts, and one of ours behind them for
 * an option without its value to swallow. The tasks of an array have a log each. `--no-requeue`: an app that began again by itself after its node failed would be another
 * one, without what the user did in it; so `NODE_FAIL` is an end. `--gres` is known to every version, `--gpus` is not.
 */
export function sbatchArguments(
  { directory, jobName, resources, site }: Submission,
  memory: SchedulerFacts['memory'] = site?.memory,
): string[] {
  throwFirstProblem(slurmOptionProblems(resources.options));
  readArray(resources.array, 'slurm');
  const log = `${outputPath(`${directory}/log`)}${resources.array === '' ? '' : '-%A_%a'}`;
  const nodes = resources.nodes ?? 1;
  const args = [
    '--parsable',
    `--job-name=${jobName}`,
    `--output=${log}`,
    `--error=${log}`,
    `--chdir=${site?.submitFrom ?? directory}`,
    ...(site?.cluster ? [`--clusters=${site.cluster}`] : []),
    '--no-requeue',
    `--nodes=${nodes}`,
    nodes === 1 ? '--ntasks=1' : '--ntasks-per-node=1',
  ];
  if (resources.queue !== '') args.push(`--partition=${resources.queue}`);
  if (resources.account !== '') args.push(`--account=${resources.account}`);
  const own = optionNames(resources.options);
  // sbatch takes only one of each pair, and what the user gives counts.
  if (resources.cpus !== null && !own.has('cpus-per-gpu')) args.push(`--cpus-per-task=${resources.cpus}`);
  if (!['mem', 'mem-per-cpu', 'mem-per-gpu'].some((name) => own.has(name))) {
    args.push(...memoryArguments(resources, memory));
  }
  if (resources.time !== null) args.push(`--time=${resources.time}`);
  const asksForGpus = ['gpus', 'gpus-per-node', 'gpus-per-task', 'gres', 'G'].some((name) => own.has(name));
  if (resources.gpus !== null && resources.gpus > 0 && !asksForGpus) {
    args.push(`--gres=gpu:${gpuTypePart(resources)}${resources.gpus}`);
  }
  if (resources.qos !== '') args.push(`--qos=${resources.qos}`);
  if (resources.array !== '') args.push(`--array=${resources.array}`);
  return [...args, ...resources.options, '--open-mode=append'];
}

/** Another resource behind a comma would ask for more than was checked. @throws AppError `bad-input` */
function gpuTypePart({ gpuType }: Resources): string {
  if (gpuType === '') return '';
  if (/^[\w.+-]+$/.test(gpuType)) return `${gpuType}:`;
  throw new AppError('bad-input', message`“${{ gpuType }}” is no kind of GPU.`, {
    hint: 'Choose one that the cluster names, e.g. a100.',
  });
}

function memoryArguments({ memory, cpus }: Resources, form: SchedulerFacts['memory']): string[] {
  if (memory === null || form === 'none') return [];
  if (form === 'per-core' || form === 'per-slot') return [`--mem-per-cpu=${Math.ceil(memory / (cpus ?? 1))}M`];
  return [`--mem=${memory}M`];
}

/** Names of the user's own options; sbatch takes a beginning of a name too, so that `--mem-per-c` is `mem-per-cpu`. */
function optionNames(options: readonly string[]): Set<string> {
  const long = ['mem', 'mem-per-cpu', 'mem-per-gpu', 'cpus-per-gpu', 'gpus', 'gpus-per-node', 'gpus-per-task', 'gres'];
  return new Set(
    options.flatMap((option) => {
      const given = /^--([a-z-]+)/.exec(option)?.[1];
      if (given === undefined) return [option.slice(1, 2)];
      return long.includes(given) ? [given] : long.filter((name) => name.startsWith(given) && given.length > 4);
    }),
  );
}

export function sbatchCommand(submission: Submission): string {
  return quoteAll(['sbatch', ...sbatchArguments(submission), `${submission.directory}/run.sh`]);
}

/** Slurm says when and where the job would run, or why it never could; nothing is submitted. */
export function verifyScript(submission: Submission, script: string): string {
  return `${prelude(submission.site)}
command -v sbatch >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
folder=$(umask 077; mktemp -d) || { emit verify 1 'no temporary directory'; return 0; }
trap 'rm -rf "$folder"' EXIT
printf '%s' ${quote(script)} >"$folder/run.sh"
${submission.site?.submitFrom === undefined ? '' : `${submittedFrom(submission.site, ':')}\n`}section verify sbatch --test-only ${quoteAll(sbatchArguments(submission))} "$folder/run.sh"
section sinfo sinfo -h -o ${quote(sinfoFormat)}`;
}

/**
 * The job is looked for by its name among what the controller knows, then in accounting. Jobs that sbatch itself refused are
 * passed over: Slurm keeps some of them as FAILED on no node.
 */
export function submitScript(submission: Submission): string {
  const { directory, site } = submission;
  const name = quote(submission.jobName);
  const args = quoteAll(sbatchArguments(submission));
  const perCore = memoryRetry(submission);
  const script = fileFor(site, directory, 'run.sh');
  const testOnly = submittedFrom(site, `sbatch --test-only "$@" ${script}`);
  return `${prelude(site)}
set -- ${args}
${submitOnce({
  directory,
  here: `command -v sbatch >/dev/null 2>&1 || { emit absent 1 ''; return 0; }`,
  lookUp: `rows=$(squeue -h -u "$me" -n ${name} -t all -o '%F|%T|%B' 2>&1) || { emit lookup 1 "$rows"; return 1; }
rows_are_read '^[0-9]+\\||^CLUSTER: ' || return 1
known=$(printf '%s\\n' "$rows" | grep '^[0-9][0-9]*|' | grep -v '|FAILED|n/a$' | cut -d '|' -f 1 | tail -n 1)
${site?.accounting === false ? '' : accountingLookUp(name, site)}${site?.cluster ? `[ -z "$known" ] || known="$known;${site.cluster}"` : ''}`,
  check: `output=$(${testOnly} 2>&1); code=$?
${
  perCore
    ? `if [ "$code" != 0 ] && printf '%s\\n' "$output" | grep -Eqi -- ${quote(perCore.when)}; then
  set -- ${perCore.args}
  output=$(${testOnly} 2>&1); code=$?
fi`
    : ''
}
if [ "$code" = 0 ]; then (umask 077; printf '%s\\n' "$output" | grep 'to start at' | head -n 1 >estimate)
elif ! printf '%s\\n' "$output" | grep -Eqi -- ${quote(untrustedRefusals)}; then refused "$code" "$output"; return 0; fi`,
  command: submittedFrom(site, `$limit sbatch "$@" ${script}`),
  otherwise: perCore,
  id: site?.cluster ? '/^[0-9][0-9]*;[A-Za-z0-9._-]*$/p' : 's/^\\([0-9][0-9]*\\)\\(;.*\\)\\{0,1\\}$/\\1/p',
  noAnswer: noAnswerPattern,
  evidence: `section sinfo sinfo -h -o ${quote(sinfoFormat)}
section accounts sacctmgr -nP show assoc user="$me" format=account,partition,qos,defaultqos`,
})}`;
}

/**
 * `ask_history OPTION...` asks accounting. An older version refuses all fields for one that it does not have, and names it;
 * `fields` is what was asked for in the end.
 */
const historyFunction = `ask_history() {
  fields=${historyFields.join(',')}
  while :; do
    answer sacct -nPX \${SLURM_CLUSTERS:+-M "$SLURM_CLUSTERS"} "$@" --format="$fields"
    [ "$code" != 0 ] || return 0
    refused=$(printf '%s\\n' "$errors" | sed -n 's/.*[Ii]nvalid field requested: *"\\([A-Za-z]*\\)".*/\\1/p' | head -n 1)
    case ",$fields," in *",\${refused:--},"*) ;; *) return 0 ;; esac
    fields=$(printf '%s' ",$fields," | sed "s/,$refused,/,/; s/^,//; s/,$//")
  done
}`;

/** For a Slurm that accepts memory by the core only, where neither the profile nor the user says how to ask. */
function memoryRetry(submission: Submission): { when: string; args: string } | undefined {
  if (submission.resources.memory === null || submission.site?.memory !== undefined) return undefined;
  return { when: 'mem-per-cpu|per[ -](core|cpu)', args: quoteAll(sbatchArguments(submission, 'per-core')) };
}

/**
 * Looks in accounting for a job that has left the queue. Every version takes such a date, where older ones reject
 * `now-7days`. When accounting does not answer, a submission that was begun before may have made a job, so that nothing is
 * submitted.
 */
const accountingLookUp = (name: string, site?: SchedulerFacts): string => `if [ -z "$known" ]; then
  week=$(($(date +%s) - 604800))
  since=$(date -d "@$week" +%Y-%m-%dT%H:%M:%S 2>/dev/null || date -r "$week" +%Y-%m-%dT%H:%M:%S)
  answer sacct${site?.cluster ? ` -M ${quote(site.cluster)}` : ''} -nPX -u "$me" --name ${name} -S "$since" --format=JobID,State,NodeList
  if [ "$code" != 0 ] && { [ -e submitting ] || [ -e started ]; } && ! printf '%s\\n' "$errors" | grep -Eqi ${quote(accountingAbsent)}; then
    emit lookup "$code" "$errors"
    return 1
  fi
  [ "$code" = 0 ] || rows=
  rows_are_read '^[0-9]+[^|]*\\|' || return 1
  known=$(printf '%s\\n' "$rows" | grep '^[0-9]' | grep -v '|FAILED|None assigned$' | sed 's/[_|].*//' | tail -n 1)
fi
`;

type SlurmJob = Pick<JobHandle, 'id' | 'directory' | 'site'>;

/**
 * One squeue for all that is active; accounting for the rest, and for arrays, whose ended tasks leave the queue; the
 * controller again only for those of which accounting knows no end (it lags, or there is none); last the `exit` file of the
 * instance. What --test-only expected is read for those of whose start squeue says nothing.
 */
export function pollScript(jobs: readonly SlurmJob[]): string {
  if (jobs.length === 0) return `emit queue 0 ''`;
  const ids = jobs.map((job) => job.id).join(' ');
  const directories = jobs.map((job) => `${job.id}) dir=${quote(job.directory)} ;;`).join('\n    ');
  const { site } = jobs[0] ?? {};
  return `${prelude(site)}
command -v squeue >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
${historyFunction}
nl='
'
find_directory() {
  case $1 in
    ${directories}
  esac
}
answer squeue -h -u "$me" -j ${ids.replaceAll(' ', ',')} -o ${quote(queueFormat)}
case $code:$errors in
  0:*) ;;
  *'Invalid job id'*) code=0; rows= ;;
  *) emit queue "$code" "$errors$nl$rows"; return 0 ;;
esac
emit queue 0 "$rows"
left=
arrays=
for id in ${ids}; do
  case "$nl$rows" in
    *"$nl$id|PENDING|"*)
      find_directory "$id"
      if [ -s "$dir/estimate" ]; then IFS= read -r line <"$dir/estimate"; emit "estimate-$id" 0 "$line"; fi ;;
    *"$nl$id|"*) ;;
    *"$nl\${id}_"*) arrays="$arrays $id" ;;
    *) left="$left $id" ;;
  esac
done
[ -n "$left$arrays" ] || return 0
emit uid 0 "$(id -u)"
list=$(printf '%s' "$left$arrays" | sed 's/^ //; s/ /,/g')
${
  site?.accounting === false
    ? 'rows='
    : `ask_history -j "$list"
if [ "$code" = 0 ]; then emit history-fields 0 "$fields"; emit history 0 "$rows"; else emit history "$code" "$errors"; fi`
}
for id in $left; do
  case "$nl$rows" in
    *"$nl$id|PENDING|"* | *"$nl$id|RUNNING|"* | *"$nl$id|SUSPENDED|"* | *"$nl$id|REQUEUED|"*) ;;
    *"$nl$id|"*) continue ;;
  esac
  section "job-$id" scontrol show job -o "$id"
  find_directory "$id"
  [ ! -f "$dir/exit" ] || emit "exit-$id" 0 "$(head -n 1 "$dir/exit")"
done`;
}

/**
 * `ask` reaches every process of the job (`--full`), whatever the script does with signals; one that waits has no
 * process and is withdrawn. An app in a container or on a display of its own hears of it from run.sh: what serves it must not end before it
 * does. `now`: Slurm sends TERM, and KILL after the site's KillWait.
 */
export function cancelScript(jobs: readonly SlurmJob[], how: 'ask' | 'now'): string {
  if (jobs.length === 0) return 'return 0';
  const ids = quoteAll(jobs.map((job) => job.id));
  const { site } = jobs[0] ?? {};
  if (how === 'now') return `${prelude(site)}\nsection cancel scancel ${ids}`;
  const kinds = jobs.map(({ id, directory }) => `kind ${quote(id)} ${quote(directory)}`);
  return `${prelude(site)}
section withdraw scancel --state=PENDING ${ids}
every= batch=
kind() { if [ -e "$2/inside.sh" ] || [ -e "$2/around.sh" ]; then batch="$batch $1"; else every="$every $1"; fi; }
${kinds.join('\n')}
[ -z "$every" ] || section cancel scancel --full --signal=TERM $every
[ -z "$batch" ] || section cancel scancel --batch --signal=TERM $batch`;
}

/**
 * Runs a command on the node of run.sh, inside the job, without asking for anything of the job's own, so that it never
 * waits: it overlaps what runs there, and takes no GPU. Its bytes pass unchanged; it ends when its input ends, if it heeds
 * that. `--unbuffered`: else what follows the last newline is kept back; its terminal is for the output only, and raw.
 * SLURM_OVERLAP is --overlap, which versions before 20.11 reject as an option; their steps overlap anyway.
 * `--relative`: the first node, as names of nodes need not be host names. `--mpi=none`: no plugin of the site's.
 */
export function enterCommand(id: string, command: string, isWorkspace = false, cluster = ''): string {
  const args = [
    ...(cluster === '' ? [] : [`--clusters=${cluster}`]),
    '--quiet',
    '--unbuffered',
    `--jobid=${id}`,
    '--relative=0',
    '--nodes=1',
    '--ntasks=1',
  ];
  const asks = [
    '--mem=0',
    '--cpu-bind=none',
    '--mpi=none',
    ...(isWorkspace ? [] : ['--cpus-per-task=1', '--gres=none']),
  ];
  return `${takeFromLogin('command -v sinfo >/dev/null 2>&1', ['SLURM_CONF'])}
SLURM_OVERLAP=1; export SLURM_OVERLAP
exec srun ${quoteAll([...args, ...asks, '/bin/sh', '-c', command])}`;
}

/** The user's own shell on the node of run.sh, on the terminal that this runs on. */
export function shellCommand(id: string, cluster = ''): string {
  const args = [
    ...(cluster === '' ? [] : [`--clusters=${cluster}`]),
    '--quiet',
    '--pty',
    `--jobid=${id}`,
    '--relative=0',
    '--nodes=1',
    '--ntasks=1',
  ];
  const asks = ['--mem=0', '--gres=none', '--cpu-bind=none', '--mpi=none'];
  return `${takeFromLogin('command -v sinfo >/dev/null 2>&1', ['SLURM_CONF'])}
SLURM_OVERLAP=1; export SLURM_OVERLAP
exec srun ${quoteAll([...args, ...asks])} "\${SHELL:-/bin/sh}" -l`;
}
