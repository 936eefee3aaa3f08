import { quote } from '../../../shared/shell-quote.ts';
import { enterDirectory, lockFunctions, startTimeFunction } from '../common/remote-script.ts';

/**
 * `own_processes`: `pid parent session` of this user's processes only. Without /proc (macOS) the process group stands in
 * for the session, whose number ps does not show there.
 */
const processFunctions = `${startTimeFunction}
own_processes() {
  if [ -r /proc/self/stat ]; then
    for entry in /proc/[0-9]*; do
      [ -O "$entry" ] || continue
      { read -r stat <"$entry/stat"; } 2>/dev/null || continue
      set -- \${stat##*\\) }
      case $1 in Z | X) ;; *) echo "\${entry#/proc/} $2 $4" ;; esac
    done
  else
    ps -U "$(id -u)" -o pid= -o ppid= -o pgid=
  fi
}`;

/** The tools that make a session of its own, in the order tried; `detect` names the one that is used. */
const sessionFunctions = `
session_tool() {
  if setsid --fork true 2>/dev/null; then echo setsid
  elif perl -MPOSIX -e 1 2>/dev/null; then echo perl
  elif python3 -c 'import os' 2>/dev/null; then echo python3
  elif command -v setsid >/dev/null 2>&1; then echo setsid-background
  else echo nohup; fi
}`;

export const detectScript = `${sessionFunctions}
emit tool 0 "$(session_tool)"`;

/**
 * Runs inside the new session: writes down who it is, then becomes run.sh, which keeps its number and start time. So
 * nothing ever runs that is not written down; and of two that were begun (the first by a shell that was killed before it
 * saw `pid`), only the one that makes `pid` goes on. $1: the tool, $2: the user's umask.
 */
const starter = `${startTimeFunction}
umask 077
printf '%s.%s@%s\\n%s\\n' "$$" "$(start_time "$$")" "$(uname -n)" "$1" >"pid.$$" || exit 1
if ! output=$(ln "pid.$$" pid 2>&1); then
  if [ -s pid ]; then rm -f "pid.$$"; exit 0; fi
  # A file system without hard links.
  mv -f "pid.$$" pid || { printf '%s\\n' "$output"; exit 1; }
fi
rm -f "pid.$$"
umask "$2"
exec ./run.sh`;

/**
 * Starts run.sh once. A shell's `&` would leave SIGINT ignored in the app for good, so the tools that fork by themselves
 * come first.
 */
export function startScript(directory: string): string {
  return `${lockFunctions}
${sessionFunctions}
starter=${quote(starter)}
known() { [ -s pid ] && { emit jobid 0 "$(head -n 1 pid)"; return 0; }; }
${enterDirectory(directory)}
known && return 0
take_lock || return 0
known && return 0
[ ! -e started ] || { emit ran 1 "$(cat started)"; return 0; }
[ -z "\${find_only-}" ] || { emit none 1 ''; return 0; }
mask=$(umask)
output=$( (umask 077; : >>log && chmod 600 log) 2>&1) || { emit lock 1 "$output"; return 0; }
tool=$(session_tool)
case $tool in
  setsid) setsid --fork sh -c "$starter" sh "$tool" "$mask" >>log 2>&1 ;;
  perl) perl -MPOSIX -e 'exit 0 if fork; POSIX::setsid(); exec @ARGV' sh -c "$starter" sh "$tool" "$mask" >>log 2>&1 ;;
  python3) python3 -c 'import os, sys
if os.fork(): os._exit(0)
os.setsid()
os.execvp(sys.argv[1], sys.argv[1:])' sh -c "$starter" sh "$tool" "$mask" >>log 2>&1 ;;
  setsid-background) setsid sh -c "$starter" sh "$tool" "$mask" >>log 2>&1 & ;;
  *)
    # In a process group of its own, or the end of a later script in the same shell would end it.
    if command -v bash >/dev/null 2>&1; then bash --norc -mc 'nohup "$@" &' bash sh -c "$starter" sh "$tool" "$mask" >>log 2>&1
    else nohup sh -c "$starter" sh "$tool" "$mask" >>log 2>&1 & fi ;;
esac
tries=0
until known; do
  tries=$((tries + 1))
  [ "$tries" -le 120 ] || { emit refused 1 "$(tail -n 20 log)"; return 0; }
  if [ "$tries" -le 20 ]; then pause=0.02; else pause=0.1; fi
  sleep "$pause" 2>/dev/null || sleep 1
done`;
}

export interface LoginJob {
  directory: string;
  pid: number;
  start: string;
  node: string;
}

/** Looks at the process first and at `exit` after it: what is found ended has had the time to write it. */
export function pollScript(jobs: readonly LoginJob[]): string {
  const checks = jobs.map(
    (job, index) => `check ${index} ${quote(job.directory)} ${job.pid} ${quote(job.start)} ${quote(job.node)}`,
  );
  return `${processFunctions}
here=$(uname -n)
# Its own note: the time of pid is another one once a stop was asked for.
began() {
  epoch=$(sed -n '1s/^\\([0-9][0-9]*\\) .*/\\1/p' "$1/started" 2>/dev/null)
  if [ -n "$epoch" ]; then echo "$epoch"; elif ! grep -q '^cancelled ' "$1/pid" 2>/dev/null; then changed "$1/pid"; fi
}
changed() { [ ! -f "$1" ] || stat -c %Y "$1" 2>/dev/null || stat -f %m "$1" 2>/dev/null; }
check() {
  found=dead
  if [ "$5" != "$here" ]; then found=elsewhere
  elif [ "$(start_time "$3")" = "$4" ]; then found=alive; fi
  emit job "$1" "found=$found
here=$here
started=$(began "$2")
ended=$(changed "$2/exit")
exit=$(head -n 1 "$2/exit" 2>/dev/null)
cancelled=$(sed -n 's/^cancelled //p' "$2/pid" 2>/dev/null | tail -n 1)"
}
${checks.join('\n')}`;
}

/**
 * `ask`: TERM to the process group (without `--`, which dash's kill does not take). `now`: KILL to the session and to what descends from it, since some apps (Jupyter's
 * kernels) give their children sessions of their own; again until nothing is left. A number that another process has by
 * now proves that the session is gone: the kernel gives none away while a session has it.
 */
export function cancelScript(jobs: readonly LoginJob[], how: 'ask' | 'now'): string {
  const stops = jobs.map(
    (job, index) => `stop ${index} ${quote(job.directory)} ${job.pid} ${quote(job.start)} ${quote(job.node)}`,
  );
  return `${processFunctions}
here=$(uname -n)
members() {
  printf '%s\\n' "$processes" | awk -v root="$1" '
    { parent[$1] = $2; session[$1] = $3 }
    END {
      for (p in parent) if (p == root || session[p] == root) member[p] = 1
      do {
        grown = 0
        for (p in parent) if (!(p in member) && (parent[p] in member)) { member[p] = 1; grown = 1 }
      } while (grown)
      for (p in member) print p
    }'
}
stop() {
  [ "$5" = "$here" ] || { emit elsewhere "$1" "$5"; return 0; }
  now=$(start_time "$3")
  [ -z "$now" ] || [ "$now" = "$4" ] || return 0
  pids=$(members "$3")
  [ -n "$pids" ] || return 0
  [ ! -f "$2/pid" ] || printf 'cancelled %s\\n' ${how} >>"$2/pid"
${
  how === 'ask'
    ? `  kill -TERM "-$3" 2>/dev/null || kill -TERM $pids 2>/dev/null`
    : `  tries=0
  while [ -n "$pids" ] && [ "$tries" -lt 20 ]; do
    kill -KILL $pids 2>/dev/null
    tries=$((tries + 1))
    sleep 0.1 2>/dev/null || sleep 1
    processes=$(own_processes)
    pids=$(members "$3")
  done
  [ -z "$pids" ] || emit left "$1" "$pids"`
}
  return 0
}
# Once for all, since looking at every process takes long where there are many jobs.
processes=$(own_processes)
${stops.join('\n')}
return 0`;
}
