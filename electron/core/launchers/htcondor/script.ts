import { quote, quoteAll } from '../../../shared/shell-quote.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import { takeFromLogin } from '../../ssh/shells/login-variables.ts';
import type { JobHandle, Submission } from '../common/launcher.ts';
import { enterDirectory, lockFunctions } from '../common/remote-script.ts';
import { submittedFrom } from '../common/site-facts.ts';
import { lookUpFunctions } from '../common/submit-once.ts';
import { countJobs, submitFile, TASK } from './submit-file.ts';
import { LOG_MARK } from './transfer.ts';

const prelude = `LC_ALL=C; export LC_ALL
${takeFromLogin('command -v condor_q >/dev/null 2>&1', ['CONDOR_CONFIG'])}`;

/** Of `condor_status`: a line for each kind of machine and how many there are of it, so that a large pool stays short. */
export const detectScript = `${prelude}
command -v condor_submit >/dev/null 2>&1 && command -v condor_q >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
section version condor_version
rows=$(condor_status -constraint 'SlotType =!= "Dynamic"' -af TotalSlotCpus TotalSlotMemory TotalSlotGPUs Cpus State 2>&1)
emit pool "$?" "$(printf '%s\\n' "$rows" | sort | uniq -c)"
section groups condor_config_val GROUP_NAMES`;

/** Written by us beside what the job needs, or by it; the job gets none of it. */
const staysBehind =
  'log | jobid* | job | submit.lock* | submitting | htcondor.* | instance.json | started | exit | endpoint | problem | stop | work | by-log | task-*';

/** The command as the user may read it: the file is written beside, and holds the rest. */
export const submitCommand = ({ directory }: Submission): string =>
  `cd ${quote(directory)} && condor_submit -terse htcondor.sub`;

/**
 * Submits at most once. The id is looked for in `jobid`, then by the job's name in the queue; in the history, a long file to
 * read, only when there may be one: `started`, or `submitting`, which says that condor_submit was begun before and its
 * answer is not known. It ran to its end unless it was killed, and the schedd may then take up what it was sent after it was
 * asked for it, so it is asked again.
 * `log` is made first, so that its mode is ours and not the umask of a daemon.
 * @throws AppError `bad-input`, `account-invalid`
 */
export function submitScript(submission: Submission): string {
  const jobs = countJobs(submission);
  const id = jobs === null ? '\\1' : '\\2';
  const name = quote(`JobBatchName == "${submission.jobName}"`);
  return `${prelude}
${lockFunctions}
${lookUpFunctions}
remember() { (umask 077; printf '%s\\n' "$1" >jobid.new) && mv -f jobid.new jobid; rm -f submitting; emit jobid 0 "$1"; }
look_up() {
  rows=$("$@" -constraint ${name} -af:j JobStatus 2>&1) || { emit lookup 1 "$rows"; return 1; }
  rows_are_read '^[0-9]+\\.[0-9]+ [0-9]$' || return 1
  known=$(printf '%s\\n' "$rows" | sed -n 's/^\\(\\([0-9][0-9]*\\)\\.[0-9][0-9]*\\) [0-9]$/${id}/p' | tail -n 1)
}
is_started() { set -- started ${TASK}*/started; for file; do [ ! -e "$file" ] || return 0; done; return 1; }
${enterDirectory(submission.directory)}
[ ! -s jobid ] || { emit jobid 0 "$(cat jobid)"; return 0; }
command -v condor_submit >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
take_lock || return 0
[ ! -s jobid ] || { emit jobid 0 "$(cat jobid)"; return 0; }
look_up condor_q || return 0
if [ -z "$known" ] && [ -e submitting ]; then
  sleep 5
  look_up condor_q || return 0
fi
if [ -z "$known" ] && { [ -e submitting ] || is_started; }; then ${submission.site?.jobHistory === false ? ':' : 'look_up condor_history -limit 1 || return 0'}; fi
[ -z "$known" ] || { remember "$known"; return 0; }
! is_started || { emit ran 1 "$(cat started ${TASK}*/started 2>/dev/null)"; return 0; }
[ -z "\${find_only-}" ] || { emit none 1 ''; return 0; }
umask 077
files=
for file in *; do
  case $file in
    ${staysBehind} | run.sh) ;;
    *[!A-Za-z0-9._-]*) emit refused 1 "HTCondor cannot send a file of this name: $file"; return 0 ;;
    *) files="$files\${files:+, }${jobs === null ? '' : '$PWD/'}$file" ;;
  esac
done
output=$({ : >>log && printf '%s\\n' ${quote(submitFile(submission))} "transfer_input_files = $files" ${quote(jobs === null ? 'queue' : `queue ${jobs}`)} >htcondor.sub; } 2>&1) ||
  { emit lock 1 "$output"; return 0; }
${jobs === null ? '' : makeTasks(jobs)}limit=
if timeout -s KILL 5 true 2>/dev/null; then limit='timeout -s KILL 80'; fi
lock_holds || return 0
trap '' HUP INT PIPE TERM
: >submitting
output=$(${submittedFrom(submission.site, `$limit condor_submit -terse ${quote(`${submission.directory}/htcondor.sub`)}`)} 2>htcondor.err); code=$?
errors=$(cat htcondor.err); rm -f htcondor.err
id=$(printf '%s\\n' "$output" | sed -n 's/^\\(\\([0-9][0-9]*\\)\\.[0-9][0-9]*\\) - [0-9.]*$/${id}/p' | tail -n 1)
if [ "$code" = 0 ] && [ -n "$id" ]; then remember "$id"; return 0; fi
[ "$code" -gt 1 ] || rm -f submitting
emit refused "$code" "$errors
$output"`;
}

/** `-dry-run`: condor_submit reads the submit file and prints what it would send; nothing is submitted. */
export function verifyScript(submission: Submission, script: string): string {
  const jobs = countJobs(submission);
  const folder = '@folder@';
  return `${prelude}
command -v condor_submit >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
folder=$(umask 077; mktemp -d) || { emit verify 1 'no temporary directory'; return 0; }
trap 'rm -rf "$folder"' EXIT
printf '%s' ${quote(script)} >"$folder/run.sh" && chmod 700 "$folder/run.sh"
${jobs === null ? '' : `mkdir "$folder/${TASK}0"\n`}printf '%s\\n' ${quote(submitFile({ ...submission, directory: folder }))} ${quote(jobs === null ? 'queue' : `queue ${jobs}`)} |
  sed "s|${folder}|$folder|g" >"$folder/htcondor.sub"
output=$(cd "$folder" && condor_submit -dry-run ads htcondor.sub 2>&1); emit verify "$?" "$output"`;
}

/** Each job's log begins with the mode of this user, as that of a single one does. */
const makeTasks = (jobs: number): string => `number=0
while [ "$number" -lt ${jobs} ]; do
  output=$( { mkdir -p ${TASK}$number && : >>${TASK}$number/log && { [ ! -L work ] || ln -sfn ../work ${TASK}$number/work; }; } 2>&1) || { emit lock 1 "$output"; return 0; }
  number=$((number + 1))
done
[ -s log ] || printf '%s\\n' 'Each job has a log of its own: ${TASK}0/log to ${TASK}${jobs - 1}/log' >log
`;

/** Of the queue and of the history alike; what a job has not is not there. */
const attributes = [
  'ClusterId ProcId JobStatus Iwd Owner QDate ServerTime EnteredCurrentStatus CompletionDate',
  'JobCurrentStartDate JobCurrentStartExecutingDate NumJobStarts AllowedJobDuration RemoteHost LastRemoteHost',
  'ExitBySignal ExitCode ExitSignal HoldReason HoldReasonCode HoldReasonSubCode LastHoldReason LastHoldReasonCode',
  'LastHoldReasonSubCode RemoveReason VacateReason VacateReasonCode LastRejMatchReason TransferringInput TransferringOutput',
]
  .join(' ')
  .replaceAll(' ', ',');

/** Minutes for which an analysis of a job that waits is kept; each asks for every machine of the pool. */
const ANALYSIS_KEPT = 10;
/** Seconds in the queue before it is made. */
const ANALYSIS_AFTER = 8;

/**
 * One condor_q for all, one condor_history for those that left the queue; then what their directories say.
 * Of jobs that found no machine at most one a call is analysed.
 */
export function pollScript(jobs: readonly JobHandle[]): string {
  if (jobs.length === 0) return `emit queue 0 ''`;
  const ids = jobs.map((job) => job.id).join(' ');
  const directories = jobs.map(directoryCase).join('\n    ');
  return `${prelude}
command -v condor_q >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
${adoptFunction}
directory() {
  case $1 in
    ${directories}
  esac
}
answer condor_q ${ids} -json -attributes ${attributes}
if [ "$code" = 0 ]; then emit queue 0 "$rows"; else emit queue "$code" "$errors"; return 0; fi
found=$(printf '%s\\n' "$rows" | awk -F '[ ,]+' '
  /^{/ { cluster = proc = status = rejected = ""; since = now = 0 }
  $2 == "\\"ClusterId\\":" { cluster = $3 }
  $2 == "\\"ProcId\\":" { proc = $3 }
  $2 == "\\"JobStatus\\":" { status = $3 }
  $2 == "\\"LastRejMatchReason\\":" { rejected = "rejected" }
  $2 == "\\"QDate\\":" { since = $3 }
  $2 == "\\"ServerTime\\":" { now = $3 }
  /^}/ { print cluster "." proc, status, (rejected != "" && now - since >= ${ANALYSIS_AFTER}) ? rejected : "-" }')
nl='
'
${leftPart(ids)}
${waitingPart}
${endedPart(jobs[0]?.site)}`;
}

/** Which of the jobs are not in the queue any more, at least in part, and how many ads they have. */
const leftPart = (ids: string): string => `left= limit=0
for id in ${ids}; do
  case $id in
    *.*)
      case "$nl$found" in *"$nl$id "*) continue ;; esac
      limit=$((limit + 1)) ;;
    *)
      directory "$id"
      set -- "$dir"/${TASK}*
      [ "$(printf '%s\\n' "$found" | grep -c "^$id\\.")" -lt "$#" ] || continue
      limit=$((limit + $#)) ;;
  esac
  left="$left $id"
done`;

/** Of those that run or wait: what the log says, and why no machine takes them. */
const waitingPart = `analysed=
while read -r id status rejected; do
  [ -n "$id" ] || continue
  directory "$id"
  if [ "$status" = 2 ] && [ -f "$dir/log" ] && { [ -f "$dir/by-log" ] || [ ! -f "$dir/started" ]; }; then adopt "$dir"; fi
  [ "$status$rejected" = 1rejected ] || continue
  if [ -z "$analysed" ] && [ -z "$(find "$dir/htcondor.analysis" -mmin -${ANALYSIS_KEPT} 2>/dev/null)" ]; then
    analysed=1
    (umask 077; condor_q -better-analyze "$id" 2>&1 | grep -e '^\\[[0-9]*\\]  *0 ' -e '^ *Request[A-Za-z]* = ' \\
      -e 'Of [0-9]* machines' -e 'are rejected by your' >"$dir/htcondor.analysis")
  fi
  [ ! -s "$dir/htcondor.analysis" ] || emit "analysis-$id" 0 "$(cat "$dir/htcondor.analysis")"
done <<END
$found
END`;

/** How those ended that left the queue. */
const endedPart = (site?: SchedulerFacts): string => `[ -n "$left" ] || return 0
${
  site?.jobHistory === false
    ? ''
    : `answer condor_history -json -attributes ${attributes} -limit "$limit" $left
if [ "$code" = 0 ]; then emit history 0 "$rows"; else emit history "$code" "$errors"; fi`
}
look() {
  [ ! -f "$2/log" ] || [ ! -f "$2/by-log" ] || adopt "$2"
  for file in exit problem; do
    [ ! -f "$2/$file" ] || emit "$file-$1" 0 "$(head -n 1 "$2/$file")"
  done
}
for id in $left; do
  directory "$id"
  case $id in
    *.*) look "$id" "$dir" ;;
    *) for task in "$dir"/${TASK}*; do look "$id.\${task##*${TASK}}" "$task"; done ;;
  esac
done`;

/** Of several jobs of one submission (`12`) each (`12.1`) has a directory in that of the instance. */
const directoryCase = ({ id, directory }: JobHandle): string =>
  id.includes('.')
    ? `${id}) dir=${quote(directory)} ;;`
    : `${id}) dir=${quote(directory)} ;;\n    ${id}.*) dir=${quote(directory)}/${TASK}\${1#*.} ;;`;

/** Where condor_chirp is not to be had, the job writes as lines of its log what belongs into files. */
const adoptFunction = `adopt() {
  marked=$(grep '^${LOG_MARK} ' "$1/log" 2>/dev/null) || return 0
  for name in started endpoint problem exit; do
    line=$(printf '%s\\n' "$marked" | sed -n "s/^${LOG_MARK} $name //p" | tail -n 1)
    [ -z "$line" ] || (umask 077; printf '%s\\n' "$line" >"$1/$name.new" && mv -f "$1/$name.new" "$1/$name" && : >"$1/by-log")
  done
}`;

const oneOf = ({ id }: JobHandle): string => {
  const [cluster, proc] = id.split('.');
  if (proc === undefined) return `(ClusterId == ${cluster})`;
  return `(ClusterId == ${cluster} && ProcId == ${proc})`;
};
const constraint = (jobs: readonly JobHandle[]): string => jobs.map(oneOf).join(' || ');

/** Minutes after the end of an app for which its results may travel back undisturbed. */
const RESULTS_TRAVEL = 30;

/** Sessions into jobs that are open at the same time, since each costs the submit node some processes. */
const STOPPED_AT_ONCE = 10;

/** Seconds an app has to save before it is left to the schedd to remove it: its `periodic_remove` does, within a minute. */
const VACATE_TRIES = 15;

/**
 * `ask`: what runs gets TERM from within, so that it ends by itself and its results travel back: HTCondor keeps nothing
 * of a job that is removed. Where nobody may go into a job it is vacated, which is a TERM and time to save, too; it then is
 * back in the queue, from which it is removed.
 * What waits is removed. `now`: removed, with KILL; one that still is there at a second `now` is forgotten.
 * One that has ended and sends its results is left to do so; its `exit` file shows that before the schedd does.
 */
export function cancelScript(jobs: readonly JobHandle[], how: 'ask' | 'now'): string {
  if (jobs.length === 0) return 'return 0';
  const these = constraint(jobs);
  if (how === 'now') {
    return `${prelude}
rows=$(condor_q -constraint ${quote(`(${these}) && JobStatus == 3`)} -af:j JobStatus 2>&1) || { emit queue 1 "$rows"; return 0; }
[ -z "$rows" ] || section force condor_rm -forcex -constraint ${quote(`(${these}) && JobStatus == 3`)}
these=false
add() {
  if [ -f "$2/exit" ] && [ -n "$(find "$2/exit" -mmin -${RESULTS_TRAVEL})" ]; then set -- "($1 && JobStatus =!= 2)"; fi
  these="$these || $1"
}
${jobs.map((job) => `add ${quote(oneOf(job))} ${quote(job.directory)}`).join('\n')}
section remove condor_rm -constraint "($these) && JobStatus =!= 3 && TransferringOutput =!= true"`;
  }
  return `${prelude}
rows=$(condor_q ${quoteAll(jobs.map((job) => job.id))} -af:j JobStatus 2>&1) || { emit queue 1 "$rows"; return 0; }
waiting=$(printf '%s\\n' "$rows" | sed -n 's/ [15]$//p')
[ -z "$waiting" ] || section remove condor_rm -constraint ${quote(`(${these}) && (JobStatus == 1 || JobStatus == 5)`)}
end() {
  output=$(condor_ssh_to_job "$1" 'for p in $_CONDOR_JOB_PIDS; do kill -TERM "-$p" 2>/dev/null || kill -TERM "$p"; done' </dev/null 2>&1) && return 0
  if vacated=$(condor_vacate_job "$1" 2>&1); then leave_queue "$1"; else emit vacate 1 "$vacated
$output"; fi
}
leave_queue() {
  tries=0
  while [ "$(condor_q "$1" -af JobStatus 2>/dev/null)" = 2 ] && [ "$tries" -lt ${VACATE_TRIES} ]; do
    tries=$((tries + 1))
    sleep 1
  done
  condor_rm -constraint "ClusterId == \${1%.*} && ProcId == \${1#*.} && JobStatus == 1" >/dev/null 2>&1
}
at_once=0
for id in $(printf '%s\\n' "$rows" | sed -n 's/ [27]$//p'); do
  end "$id" &
  at_once=$((at_once + 1))
  [ "$((at_once % ${STOPPED_AT_ONCE}))" != 0 ] || wait
done
wait`;
}

/** Of a submission of several jobs some may run already, which condor_release would refuse. */
export const releaseScript = (jobs: readonly JobHandle[]): string =>
  changeHold(jobs, { section: 'release', command: 'condor_release', status: 5, none: 'unheld' });

/** Only what waits: a job that runs would be ended by it, and not begin again. */
export const holdScript = (jobs: readonly JobHandle[]): string =>
  changeHold(jobs, { section: 'hold', command: 'condor_hold', status: 1, none: 'unwaiting' });

interface HoldChange {
  section: string;
  command: string;
  /** The `JobStatus` of jobs that it is for. */
  status: number;
  /** The section that says that there are none of these. */
  none: string;
}

function changeHold(jobs: readonly JobHandle[], { section, command, status, none }: HoldChange): string {
  if (jobs.length === 0) return 'return 0';
  return `${prelude}
command -v ${command} >/dev/null 2>&1 || { emit absent 1 ''; return 0; }
rows=$(condor_q ${quoteAll(jobs.map((job) => job.id))} -af:j JobStatus 2>&1) || { emit queue 1 "$rows"; return 0; }
these=$(printf '%s\\n' "$rows" | sed -n 's/ ${status}$//p')
[ -n "$these" ] || { emit ${none} 1 ''; return 0; }
section ${section} ${command} $these`;
}

/**
 * `-auto-retry`: the job may have begun so lately that nobody can enter yet. The command goes as base64, since the
 * shell that reads it there is the user's own, whichever that is.
 */
export function enterCommand({ id }: JobHandle, command: string): string {
  const text = Buffer.from(command, 'utf8').toString('base64');
  return `${prelude}
exec condor_ssh_to_job -auto-retry ${quote(id)} ${quote(`exec /bin/sh -c 'eval "$(printf %s ${text} | base64 -d)"'`)}`;
}

/** The user's own shell inside the job, on the terminal that this runs on. */
export const shellCommand = ({ id }: JobHandle): string => `${prelude}
exec condor_ssh_to_job -auto-retry ${quote(id)}`;
