import { throwFirstProblem } from '../../../shared/launch-problems.ts';
import { quote, quoteAll } from '../../../shared/shell-quote.ts';
import { slurmOptionProblems } from '../../../shared/slurm-options-policy.ts';
import { takeFromLogin } from '../../ssh/shells/login-variables.ts';
import type { Submission } from '../common/launcher.ts';
import { readArray } from '../common/native-options.ts';
import { submitOnce } from '../common/submit-once.ts';
import { historyFields, queueFormat } from './parse.ts';
import { sinfoFormat } from './queues.ts';

/**
 * Times come as epoch seconds: a login node's time zone need not be ours. Lists of an array's tasks come whole.
 */
const prelude = `LC_ALL=C; SLURM_TIME_FORMAT=%s; SLURM_BITSTR_LEN=0; export LC_ALL SLURM_TIME_FORMAT SLURM_BITSTR_LEN
${takeFromLogin('command -v sinfo >/dev/null 2>&1', ['SLURM_CONF'])}
me=$(id -un)`;

/** JSON is cut off, so that a very large cluster's cannot fill memory: the reader then takes the text forms. */
export const detectScript = `${prelude}
command -v sbatch >/dev/null 2>&1 && command -v sinfo >/dev/null 2>&1 && command -v squeue >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
section version sinfo --version
section sinfo sinfo -h -o ${quote(sinfoFormat)}
section partitions scontrol show partition -o
json=$(sinfo --json 2>/dev/null | head -c 2000000)
emit json 0 "$json"
if command -v sacctmgr >/dev/null 2>&1; then
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
export function sbatchArguments({ directory, jobName, resources }: Submission): string[] {
  throwFirstProblem(slurmOptionProblems(resources.options));
  readArray(resources.array, 'slurm');
  const log = `${outputPath(`${directory}/log`)}${resources.array === '' ? '' : '-%A_%a'}`;
  const nodes = resources.nodes ?? 1;
  const args = [
    '--parsable',
    `--job-name=${jobName}`,
    `--output=${log}`,
    `--error=${log}`,
    `--chdir=${directory}`,
    '--no-requeue',
    `--nodes=${nodes}`,
    nodes === 1 ? '--ntasks=1' : '--ntasks-per-node=1',
  ];
  if (resources.queue !== '') args.push(`--partition=${resources.queue}`);
  if (resources.account !== '') args.push(`--account=${resources.account}`);
  if (resources.cpus !== null) args.push(`--cpus-per-task=${resources.cpus}`);
  if (resources.memory !== null) args.push(`--mem=${resources.memory}M`);
  if (resources.time !== null) args.push(`--time=${resources.time}`);
  if (resources.gpus !== null && resources.gpus > 0) {
    args.push(`--gres=gpu:${resources.gpuType === '' ? '' : `${resources.gpuType}:`}${resources.gpus}`);
  }
  if (resources.qos !== '') args.push(`--qos=${resources.qos}`);
  if (resources.array !== '') args.push(`--array=${resources.array}`);
  return [...args, ...resources.options, '--open-mode=append'];
}

export function sbatchCommand(submission: Submission): string {
  return quoteAll(['sbatch', ...sbatchArguments(submission), `${submission.directory}/run.sh`]);
}

/** Slurm says when and where the job would run, or why it never could; nothing is submitted. */
export function verifyScript(submission: Submission, script: string): string {
  return `${prelude}
command -v sbatch >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
folder=$(umask 077; mktemp -d) || { emit verify 1 'no temporary directory'; return 0; }
trap 'rm -rf "$folder"' EXIT
printf '%s' ${quote(script)} >"$folder/run.sh"
section verify sbatch --test-only ${quoteAll(sbatchArguments(submission))} "$folder/run.sh"
section sinfo sinfo -h -o ${quote(sinfoFormat)}`;
}

/**
 * The job is looked for by its name among what the controller knows, then in accounting. Jobs that sbatch itself refused are
 * passed over: Slurm keeps some of them as FAILED on no node.
 */
export function submitScript(submission: Submission): string {
  const name = quote(submission.jobName);
  const args = quoteAll(sbatchArguments(submission));
  return `${prelude}
${submitOnce({
  directory: submission.directory,
  here: `command -v sbatch >/dev/null 2>&1 || { emit absent 1 ''; return 0; }`,
  lookUp: `rows=$(squeue -h -u "$me" -n ${name} -t all -o '%F|%T|%B' 2>&1) || { emit lookup 1 "$rows"; return 1; }
known=$(printf '%s\\n' "$rows" | grep '^[0-9][0-9]*|' | grep -v '|FAILED|n/a$' | cut -d '|' -f 1 | tail -n 1)
[ -z "$known" ] || return 0
rows=$(sacct -nPX -u "$me" --name ${name} -S now-7days --format=JobID,State,NodeList 2>/dev/null) || return 0
known=$(printf '%s\\n' "$rows" | grep '^[0-9]' | grep -v '|FAILED|None assigned$' | sed 's/[_|].*//' | tail -n 1)`,
  check: `output=$(sbatch --test-only ${args} ./run.sh 2>&1); code=$?
if [ "$code" = 0 ]; then (umask 077; printf '%s\\n' "$output" | grep 'to start at' | head -n 1 >estimate)
elif ! printf '%s\\n' "$output" | grep -Eqi -- ${quote(untrustedRefusals)}; then refused "$code" "$output"; return 0; fi`,
  command: `sbatch ${args} ./run.sh`,
  id: 's/^\\([0-9][0-9]*\\)\\(;.*\\)\\{0,1\\}$/\\1/p',
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
    answer sacct -nPX "$@" --format="$fields"
    [ "$code" != 0 ] || return 0
    refused=$(printf '%s\\n' "$errors" | sed -n 's/.*[Ii]nvalid field requested: *"\\([A-Za-z]*\\)".*/\\1/p' | head -n 1)
    case ",$fields," in *",\${refused:--},"*) ;; *) return 0 ;; esac
    fields=$(printf '%s' ",$fields," | sed "s/,$refused,/,/; s/^,//; s/,$//")
  done
}`;

interface SlurmJob {
  id: string;
  directory: string;
}

/**
 * One squeue for all that is active; accounting for the rest, and for arrays, whose ended tasks leave the queue; the
 * controller again only for those of which accounting knows no end (it lags, or there is none); last the `exit` file of the
 * instance. What --test-only expected is read for those of whose start squeue says nothing.
 */
export function pollScript(jobs: readonly SlurmJob[]): string {
  if (jobs.length === 0) return `emit queue 0 ''`;
  const ids = jobs.map((job) => job.id).join(' ');
  const directories = jobs.map((job) => `${job.id}) dir=${quote(job.directory)} ;;`).join('\n    ');
  return `${prelude}
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
ask_history -j "$list"
if [ "$code" = 0 ]; then emit history-fields 0 "$fields"; emit history 0 "$rows"; else emit history "$code" "$errors"; fi
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
 * `ask` reaches every process of the job (\`--full\`), whatever the script does with signals; one that waits has no
 * process and is withdrawn. An app in a container or on a display of its own hears of it from run.sh: what serves it must not end before it
 * does. \`now\`: Slurm sends TERM, and KILL after the site's KillWait.
 */
export function cancelScript(jobs: readonly SlurmJob[], how: 'ask' | 'now'): string {
  if (jobs.length === 0) return 'return 0';
  const ids = quoteAll(jobs.map((job) => job.id));
  if (how === 'now') return `${prelude}\nsection cancel scancel ${ids}`;
  const kinds = jobs.map(({ id, directory }) => `kind ${quote(id)} ${quote(directory)}`);
  return `${prelude}
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
 * `--relative`: the first node, as names of nodes need not be host names. `--mpi=none`: no plugin of the site's.
 */
export function enterCommand(id: string, command: string, isWorkspace = false): string {
  const args = ['--quiet', '--unbuffered', '--overlap', `--jobid=${id}`, '--relative=0', '--nodes=1', '--ntasks=1'];
  const asks = [
    '--mem=0',
    '--cpu-bind=none',
    '--mpi=none',
    ...(isWorkspace ? [] : ['--cpus-per-task=1', '--gres=none']),
  ];
  return `${takeFromLogin('command -v sinfo >/dev/null 2>&1', ['SLURM_CONF'])}
exec srun ${quoteAll([...args, ...asks, '/bin/sh', '-c', command])}`;
}

/** The user's own shell on the node of run.sh, on the terminal that this runs on. */
export function shellCommand(id: string): string {
  const args = ['--quiet', '--pty', '--overlap', `--jobid=${id}`, '--relative=0', '--nodes=1', '--ntasks=1'];
  const asks = ['--mem=0', '--gres=none', '--cpu-bind=none', '--mpi=none'];
  return `${takeFromLogin('command -v sinfo >/dev/null 2>&1', ['SLURM_CONF'])}
exec srun ${quoteAll([...args, ...asks])} "\${SHELL:-/bin/sh}" -l`;
}
