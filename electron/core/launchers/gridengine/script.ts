import { gridengineSetByTunel } from '../../../shared/directives/gridengine.ts';
import { quote, quoteAll } from '../../../shared/shell-quote.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import { takeFromLogin } from '../../ssh/shells/login-variables.ts';
import type { JobHandle, Submission } from '../common/launcher.ts';
import { grammar, readArray, splitOptions } from '../common/native-options.ts';
import { askerSection } from '../common/queue-access.ts';
import { fileFor, submittedFrom } from '../common/site-facts.ts';
import { submitOnce } from '../common/submit-once.ts';
import { requestArguments } from './request.ts';
import { type Site, unknownSite } from './site.ts';

/** Without SGE_ROOT the commands do not know their qmaster. */
const isReady = '[ -n "$SGE_ROOT" ] && command -v qconf >/dev/null 2>&1';
const prelude = (facts?: SchedulerFacts): string => `LC_ALL=C; export LC_ALL
${takeFromLogin(isReady, ['SGE_ROOT', 'SGE_CELL', 'SGE_QMASTER_PORT', 'SGE_EXECD_PORT'])}
${facts?.cluster ? `SGE_CELL=${quote(facts.cluster)}; export SGE_CELL\n` : ''}me=$(id -un)
is_here() { command -v qconf >/dev/null 2>&1 && command -v qsub >/dev/null 2>&1 && command -v qstat >/dev/null 2>&1; }
accounting=\${SGE_ROOT-}/\${SGE_CELL:-default}/common/accounting
${facts?.accounting === false ? 'accounting=' : ''}`;

/** qconf is Grid Engine's own: PBS has a qsub and a qstat too, and Slurm comes with some of that name. */
const here = `is_here || { emit absent 1 ''; return 0; }`;

const siteSections = `queues=$(qconf -sql 2>&1) || { emit away 1 "$queues"; return 0; }
emit names 0 "$queues"
section queues qconf -sq "$(printf '%s' "$queues" | tr '\\n' ',')"
emit complexes 0 "$(qconf -sc 2>/dev/null)"
emit environments 0 "$(for name in $(qconf -spl 2>/dev/null); do qconf -sp "$name" 2>/dev/null; done)"
projects=$(qconf -sprjl 2>/dev/null) || projects=
emit projects 0 "$projects"
emit user 0 "$(qconf -suser "$me" 2>/dev/null)"`;

export const siteScript = (facts?: SchedulerFacts): string => `${prelude(facts)}
${here}
${siteSections}`;

/** What GPUs are counted by is asked of the hosts by name, since all resources of all hosts would be very many lines. */
export const detectScript = (facts?: SchedulerFacts): string => `${prelude(facts)}
${here}
emit version 0 "$(qstat -help 2>/dev/null | head -n 1)"
${siteSections}
${askerSection}
emit usersets 0 "$(for name in $(qconf -sul 2>/dev/null); do qconf -su "$name" 2>/dev/null; done)"
emit project-lists 0 "$(for name in $projects; do qconf -sprj "$name" 2>/dev/null; done)"
gpus=$(qconf -sc 2>/dev/null | awk 'tolower($1) ~ /gpu|cuda|nvidia/ { print $1 }' | tr '\\n' ',')
section hosts qhost -q \${gpus:+-F "\${gpus%,}"}`;

const JOB_FILE = 'job.sh';

/**
 * What Grid Engine runs. It has no signal that asks an app to end, so that the file `asked` stands for one: looked for by
 * reading the directory, as a network file system may hold back that a single file has come. A job that exits with 99 would be
 * run again and one with 100 be stopped for good; run.sh has written the true code down by then. It is read in and not
 * executed, so that the app keeps the process group that Grid Engine made.
 */
const jobScript = (directory: string): string => `#!/bin/sh
cd ${quote(directory)} || exit 1
main=$$
while sleep 2 && kill -0 "$main"; do
  for file in asked*; do
    [ -e "$file" ] || continue
    kill -TERM "-$main" || kill -TERM "$main"
    exit
  done
done </dev/null >/dev/null 2>&1 &
trap 'case $? in 99 | 100) exit 1 ;; esac' EXIT
. ./run.sh
`;

const options = grammar(
  {
    0: '-hard -soft -notify -V -h',
    1: '-a -A -ac -ar -binding -c -ckpt -dc -dl -hold_jid -hold_jid_ad -js -l -m -M -masterq -P -p -q -R -sc -v',
    2: '-pe',
  },
  gridengineSetByTunel,
  '-l hostname=node5',
);

/**
 * Each an argument of its own; the user's own options after ours, as the last one counts. A colon before the log's path:
 * what comes before one is taken for a host. `-r n`: an app that began again by itself after its node failed would be another one.
 * `-C ''`: lines of the script are not options.
 */
export function qsubArguments({ directory, jobName, resources, site: facts }: Submission, site: Site): string[] {
  const array = readArray(resources.array, 'gridengine');
  return [
    '-terse',
    ...['-N', jobName],
    ...['-wd', facts?.submitFrom ?? directory],
    ...['-o', `:${directory}/log${array ? '-$JOB_ID.$TASK_ID' : ''}`],
    ...['-j', 'y', '-S', '/bin/sh', '-C', '', '-r', 'n'],
    ...(array ? ['-t', array.tasks] : []),
    ...(array && array.atOnce !== '' ? ['-tc', array.atOnce] : []),
    ...requestArguments(resources, site, facts?.memory),
    ...splitOptions(resources.options, options),
  ];
}

/** For reading: the names of a site's own resources are found at submission. */
export function qsubCommand(submission: Submission): string {
  return quoteAll(['qsub', ...qsubArguments(submission, unknownSite), `${submission.directory}/${JOB_FILE}`]);
}

/** `-w v`: qsub looks for a queue that could run the job, and submits nothing. */
export function verifyScript(submission: Submission, site: Site, script: string): string {
  return `${prelude(submission.site)}
${here}
folder=$(umask 077; mktemp -d) || { emit verify 1 'no temporary directory'; return 0; }
trap 'rm -rf "$folder"' EXIT
printf '%s' ${quote(script)} >"$folder/${JOB_FILE}"
${submission.site?.submitFrom === undefined ? '' : `${submittedFrom(submission.site, ':')}\n`}section verify qsub -w v ${quoteAll(qsubArguments(submission, site))} "$folder/${JOB_FILE}"
emit names 0 "$(qconf -sql 2>/dev/null)"
emit projects 0 "$(qconf -sprjl 2>/dev/null)"`;
}

/** What qsub prints when the qmaster may have taken a job all the same. */
const noAnswerPattern =
  'timed? ?out|unable to send message|unable to contact|got (select|read|send|write) error|commlib error|connection';

/** By the job's name among what the qmaster knows, then in accounting. */
export function submitScript(submission: Submission, site: Site): string {
  const { directory, site: facts } = submission;
  const name = quote(submission.jobName);
  const args = quoteAll(qsubArguments(submission, site));
  return `${prelude(facts)}
${submitOnce({
  directory,
  here,
  lookUp: `rows=$(qstat -u "$me" -xml -r 2>&1) || { emit lookup 1 "$rows"; return 1; }
case $rows in *'</job_info>'*) ;; *) rows_are_read '^ *<' || return 1 ;; esac
known=$(printf '%s\\n' "$rows" | awk -F'[<>]' -v name=${name} '$2 == "JB_job_number" { id = $3 } $2 == "full_job_name" && $3 == name { print id }' | tail -n 1)
[ -z "$known" ] && [ -r "$accounting" ] || return 0
known=$(tail -c 20000000 "$accounting" | awk -F: -v name=${name} -v me="$me" '$4 == me && $5 == name { id = $6 } END { print id }')`,
  files: `printf '%s' ${quote(jobScript(directory))} >${JOB_FILE}`,
  command: submittedFrom(facts, `$limit qsub ${args} ${fileFor(facts, directory, JOB_FILE)}`),
  id: 's/^\\([0-9][0-9]*\\)\\(\\.[0-9:-]*\\)\\{0,1\\}$/\\1/p',
  noAnswer: noAnswerPattern,
  evidence: `emit names 0 "$(qconf -sql 2>/dev/null)"
emit projects 0 "$(qconf -sprjl 2>/dev/null)"`,
})}`;
}

/** Most jobs about which the scheduler is asked why they wait, and by the dearer question where it does not keep that. */
const ASKED_WHY = 25;
const POKED = 3;

/**
 * One qstat for all that is queued or runs, cut down to the jobs asked about; why they wait for those that do; the
 * accounting file's end for the others (qacct reads all of it, which takes long on an old cluster, and is the last resort); the
 * instance's own files beside it.
 */
export function pollScript(jobs: readonly JobHandle[]): string {
  if (jobs.length === 0) return `emit queue 0 ''`;
  const ids = jobs.map((job) => job.id).join(' ');
  return `${prelude(jobs[0]?.site)}
${here}
TZ=UTC; export TZ
ids=' ${ids} '
${queuePart}
${waitingPart}
array=$(printf '%s\\n' "$mine" | awk -F'[<>]' '$2 == "JB_job_number" { id = $3 } $2 == "tasks" { print id }')
left=
nl='
'
for id in ${ids}; do
  case "$nl$states" in *"$nl$id "*) case "$nl$array$nl" in *"$nl$id$nl"*) left="$left $id" ;; esac ;; *) left="$left $id" ;; esac
done
${endedPart(jobs)}
emit history "$code" "$past"`;
}

/** What is queued or runs, cut down to the jobs asked about. */
const queuePart = `answer qstat -u "$me" -xml -r
[ "$code" = 0 ] || { emit queue "$code" "$errors$rows"; return 0; }
case $rows in
  *'</job_info>'*) ;;
  *) emit queue 1 "This is no answer of qstat that can be read: $rows"; return 0 ;;
esac
mine=$(printf '%s\\n' "$rows" | awk -v ids="$ids" '
  /<job_list/ { block = ""; wanted = 0; inside = 1 }
  inside { block = block $0 "\\n" }
  inside && /<JB_job_number>/ { split($0, part, /[<>]/); wanted = index(ids, " " part[3] " ") > 0; seen = 1 }
  /<\\/job_list>/ { inside = 0; if (wanted) printf "%s", block }
  END { if (!seen && NR > 0) print "<none/>" }')
case $mine in
  *'<none/>'*) case $rows in *JB_job_number*) emit queue 1 "This is no answer of qstat that can be read: $rows"; return 0 ;; esac ;;
esac
emit queue 0 "$mine"`;

/** Why jobs wait or are held. */
const waitingPart = `states=$(printf '%s\\n' "$mine" | awk -F'[<>]' '$2 == "JB_job_number" { id = $3 } $2 == "state" { print id, $3 }')
waiting=$(printf '%s\\n' "$states" | awk '$2 ~ /E/ { first = first " " $1; next } $2 ~ /w|Rq/ { rest = rest " " $1 } END { print first rest }' | tr ' ' '\\n' | awk '$1 != "" && !had[$1]++' | head -n ${ASKED_WHY})
if [ -n "$waiting" ]; then
  details=$(qstat -j "$(printf '%s' "$waiting" | tr '\\n' ',')" 2>/dev/null | awk '
    /^[^ ]/ { show = /^(job_number|error reason|scheduling info)/; lines = 0 }
    show && ++lines <= 30')
  emit details 0 "$details"
  case $details in
    *'turned off'*) for id in $(printf '%s\\n' "$waiting" | head -n ${POKED}); do emit "poke-$id" 0 "$(qalter -w p "$id" 2>&1 | head -n 30)"; done ;;
  esac
fi
case $states in
  *' '*h*)
    held() { qstat -u "$me" -s "$1" 2>/dev/null | awk '$1 ~ /^[0-9]+$/ { print $1 }'; }
    emit hold-user 0 "$(held hu)"
    emit hold-system 0 "$(held ho; held hs)"
    emit hold-job 0 "$(held hj)" ;;
esac`;

/** How jobs ended that are queued no more. */
function endedPart(jobs: readonly JobHandle[]): string {
  const directories = jobs.map((job) => `${job.id}) dir=${quote(job.directory)} ;;`).join('\n    ');
  return `[ -n "$left" ] || return 0
past= code=1
if [ -r "$accounting" ]; then
  past=$(tail -c 20000000 "$accounting" | awk -F: -v ids="$left " -v me="$me" '$4 == me && index(ids, " " $6 " ")'); code=0
fi
for id in $left; do
  case $id in
    ${directories}
  esac
  [ ! -f "$dir/asked" ] || emit "asked-$id" 0 "$(head -n 1 "$dir/asked")"
  [ ! -f "$dir/exit" ] || emit "exit-$id" 0 "$(head -n 1 "$dir/exit")"
  case "$past" in *":$id:"*) continue ;; esac
  [ ! -f "$dir/exit" ] && [ ! -f "$dir/asked" ] || continue
  [ -n "$accounting" ] || { code=0; continue; }
  limit=
  if timeout -s KILL 5 true 2>/dev/null; then limit='timeout -s KILL 20'; fi
  record=$($limit qacct -o "$me" -j "$id" 2>&1) && past="$past$nl$record" code=0
  case $record in *'not found'*) code=0 ;; esac
done`;
}

/**
 * `ask`: what waits is withdrawn, to what runs the file `asked` says it. `now`: KILL to every process of the job; for one that
 * is being ended already, because its node does not answer, by force where the site lets users do that.
 */
export function cancelScript(jobs: readonly JobHandle[], how: 'ask' | 'now'): string {
  if (jobs.length === 0) return 'return 0';
  const notes = jobs.map((job) => `note ${job.id} ${quote(job.directory)}`).join('\n');
  return `${prelude(jobs[0]?.site)}
${here}
note() { [ ! -d "$2" ] || (umask 077; printf '%s\\n' ${how} >"$2/asked") 2>/dev/null || case " $running " in *" $1 "*) emit note 0 "$2" ;; esac; }
ids=' ${jobs.map((job) => job.id).join(' ')} '
rows=$(qstat -u "$me" 2>&1) || { emit queue 1 "$rows"; return 0; }
here=$(printf '%s\\n' "$rows" | awk -v ids="$ids" 'index(ids, " " $1 " ")')
running=$(printf '%s\\n' "$here" | awk '$5 ~ /[rtsST]/ { print $1 }' | tr '\\n' ' ')
waiting=$(printf '%s\\n' "$here" | awk '$1 != "" && $5 !~ /[rtsST]/ { print $1 }' | tr '\\n' ' ')
ending=$(printf '%s\\n' "$here" | awk '$5 ~ /d/ { print $1 }' | tr '\\n' ' ')
${notes}
${
  how === 'ask'
    ? `[ -z "$waiting" ] || section cancel qdel $waiting`
    : `[ -z "$running$waiting" ] || section cancel qdel $running $waiting
[ -z "$ending" ] || qdel -f $ending >/dev/null 2>&1`
}
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

/**
 * Into the job itself where its parallel environment lets programs be started beside it (control_slaves); else as a short
 * job of its own on the same node, which needs a free slot there at once. The command goes by a file, as it passes the
 * user's login shell, whichever that is. More than a pipe holds (64 kB) must not be written to it before it has answered:
 * Grid Engine then waits for ever.
 */
export function enterCommand(job: JobHandle & { node: string }, command: string): string {
  const file = quote(`${job.directory}/.enter.`);
  const node = quote(job.node);
  const script = `${prelude(job.site)}
file=${file}$$
(umask 077; printf '%s' ${quote(`rm -f "$0"\n${command}\n`)} >"$file") || exit 1
JOB_ID=${job.id} SGE_TASK_ID=undefined; export JOB_ID SGE_TASK_ID
if qrsh -inherit ${node} true </dev/null >/dev/null 2>&1; then
  qrsh -inherit ${node} exec /bin/sh ${file}$$; code=$?
else
  unset JOB_ID SGE_TASK_ID
  qrsh -now y -pty n -N tunel-way -l hostname=${node} exec /bin/sh ${file}$$; code=$?
fi
rm -f "$file"
exit "$code"`;
  return `/bin/sh -c ${quote(script)}`;
}
