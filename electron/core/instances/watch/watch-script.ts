import { AppError } from '../../../shared/errors.ts';
import { quote } from '../../../shared/shell-quote.ts';
import { logFunctions, lookFunctions, noteJob } from '../directory-script.ts';
import { groupProgram } from './watch-group-script.ts';

/** One directory of ours that is watched on a login node. */
export interface WatchItem {
  id: string;
  directory: string;
  /** Of the login launcher there: `/proc` tells a later process with that number by its start time. */
  process: { pid: number; start: string } | null;
  /** Where the part of the log begins that is not known yet, in bytes; null: the log is not wanted. */
  logFrom: number | null;
  /** The number of its job, to be written into the directory; null: it holds one. */
  job: string | null;
}

/** A look at everything, whatever has changed: a sign of life, with the processor time spent so far, and for what leaves the list of names as it was. */
export const FULL_LOOK_MS = 30_000;
/** A log is the one thing that needs a process to be looked at. */
const LOG_LOOK_MS = 1000;

/**
 * `process_lives PID START` sets `alive`; without /proc (macOS) a later process with the number is taken for it.
 * `item` prints what a directory holds when that has changed. Listing a directory opens it, and an NFS client then asks its
 * server whether it has changed, whatever it has cached. All that is looked for is renamed into place, so a change of a
 * file shows in the list of names. The log is measured again once its end was looked for, so that where an end is reported
 * everything that was written before it is, too. `emit` runs a function that prints, `tell` prints a line.
 */
const itemFunctions = `process_lives() {
  alive=0
  if [ -r /proc/self/stat ]; then
    stat=
    { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    set -- "$2" \${stat##*\\) }
    case \${2-} in '' | Z | X) ;; *) [ "\${21-}" != "$1" ] || alive=1 ;; esac
  else
    kill -0 "$1" 2>/dev/null && alive=1
  fi
  return 0
}
item() {
  id=$1 d=$2 start=$4 since=$5 alive=
  [ -z "$3" ] || process_lives "$3" "$start"
  set -- "$d"/*
  now="$alive $*"
  eval "before=\\\${names_$id-}"
  due=$full
  [ "$now" = "$before" ] || due=1
  if [ -z "$since" ]; then eval "place_$id="
  else
    eval "place=\\\${place_$id:-$since}"
    if [ -n "$due$logs" ]; then
      log_size
      [ "$size" = "$place" ] || due=1
    fi
  fi
  [ -n "$due" ] || return 0
  eval "names_$id=\\$now"
  emit files
  [ -z "$alive" ] || tell "alive $alive"
  if [ -n "$since" ]; then
    log_size
    tell "size $size"
    [ "$size" -ge "$place" ] || place=0
    emit log_part "$place"
    eval "place_$id=$size"
  fi
  tell "end $id"
}
files() {
  look "$id" "$d"
  ended
}
emit() { "$@"; }
tell() { printf '%s\\n' "$1"; }
spent() { times; printf 'tick \\n'; }
`;

/** `round` looks at what is listed once; `step` is the time since the last one, in ms. */
const roundFunction = `items() { :; }
step=1000 to_full=0 to_logs=0 full= logs=
round() {
  to_full=$((to_full - step)) to_logs=$((to_logs - step))
  if [ "$to_full" -le 0 ]; then full=1 to_full=${FULL_LOOK_MS}; fi
  if [ "$to_logs" -le 0 ]; then logs=1 to_logs=${LOG_LOOK_MS}; fi
  items
  [ -z "$full" ] || spent
  full= logs=
}
`;

/**
 * What the scheduler is asked runs beside, so that neither waits for the other, and prints to the error output, where
 * nothing else does.
 */
const askFunction = `ask() {
  if [ "$2" -gt 0 ]; then block "$2"; question=$text; fi
  answer "$1" </dev/null >&2 2>/dev/null &
}
answer() {
  leave_groups
  umask "$tunel_mask"
  if [ -n "\${tunel_all+x}" ]; then LC_ALL=$tunel_all; else unset LC_ALL; fi
  printf '%s:begin\\n' "$1"
  ( eval "$question" )
  printf '%s:end:%s\\n' "$1" "$?"
}
leave_groups() { :; }
`;

/**
 * Reads requests, a line each: `list N`, whose N lines of shell text replace what is watched; `tick` looks and answers; `ask NONCE N` runs the N lines that follow, or the last ones again where N is 0.
 * Waiting for them is the pause between two rounds, in a shell whose `read` has a time limit in fractions of a second; in
 * another one `tick` comes from outside. So a round starts no process. It ends with its input.
 */
const serveFunction = `block() {
  text= count=$1
  while [ "$count" -gt 0 ]; do
    IFS= read -r more || exit 0
    text="$text$more
" count=$((count - 1))
  done
}
take() {
  case $1 in
    'list '*) block "\${1#list }"; eval "$text"; round; tell listed ;;
    tick) round; tell 'tick ' ;;
    'ask '*) set -- \${1#ask }; ask "$1" "$2" ;;
  esac
}
serve() {
  pause=1 part=
  while :; do
    if [ -n "$has_timer" ]; then
      IFS= read -r -t "$pause" line
      code=$?
      if [ "$code" -gt 128 ]; then part=$part$line; round; continue; fi
    else
      IFS= read -r line
      code=$?
    fi
    [ "$code" -eq 0 ] || exit 0
    line=$part$line part=
    take "$line"
  done
}
`;

const start = `tunel_mask=$(umask)
unset tunel_all
if [ -n "\${LC_ALL+x}" ]; then tunel_all=$LC_ALL; fi
`;

const main = `has_timer= has_groups=
case \${BASH_VERSION-} in 4.[3-9]* | [5-9].* | [1-9][0-9].*) has_timer=1; export -n tunel_login ;; esac
if [ -n "$has_timer" ] && [ -r /proc/self/stat ] && [ -z "\${POSIXLY_CORRECT+x}" ]; then has_groups=1; fi
printf 'hello %s %s %s\\n' "\${has_timer:-0}" "\${has_groups:-0}" "$(uname -n)"
[ -z "$has_groups" ] || eval ${quote(groupProgram)}
serve
`;

/** POSIX sh text that runs until its input ends. */
export const watchProgram = [
  start,
  lookFunctions,
  logFunctions,
  itemFunctions,
  roundFunction,
  askFunction,
  serveFunction,
  main,
].join('');

/** The program in bash, whose `read` takes a time limit, where there is one. */
export const watchScript = `unset BASH_ENV ENV
program=${quote(watchProgram)}
if command -v bash >/dev/null 2>&1; then
  [ -z "\${tunel_login+x}" ] || export tunel_login
  exec bash --norc --noprofile -c "$program"
fi
eval "$program"
`;

/** Shell text that replaces what is watched, and how often. */
export function listText(items: readonly WatchItem[], everyMs: number): string {
  return `pause=${everyMs / 1000} step=${everyMs}
${items.flatMap(({ directory, job }) => (job === null ? [] : [noteJob(directory, job)])).join('')}items() {
:
${items.map(itemLine).join('')}}
`;
}

/** The request that replaces what a program without groups watches. */
export const listRequest = (text: string): string => withLines('list', text);

/** A process by its number and when it began, as `/proc` has it. */
export interface Looker {
  pid: number;
  start: string;
}

/** The request that replaces what a group watches. `former`: unless that process lives, another one is started for it. */
export const groupRequest = (group: string, text: string, former: Looker | null): string =>
  withLines(`to ${group}${former ? ` ${former.pid} ${former.start}` : ''}`, text);

/** The request that runs a script beside; null: the last one again. */
export const askRequest = (nonce: string, script: string | null): string =>
  script === null ? `ask ${nonce} 0\n` : withLines(`ask ${nonce}`, script.endsWith('\n') ? script : `${script}\n`);

export const TICK = 'tick\n';

function itemLine({ id, directory, process, logFrom }: WatchItem): string {
  // It becomes a part of a variable's name.
  if (!/^\w+$/.test(id)) throw new AppError('internal', 'The id of an app has a character that none may have.');
  const fields = [id, directory, `${process?.pid ?? ''}`, process?.start ?? '', `${logFrom ?? ''}`];
  return `item ${fields.map(quote).join(' ')}\n`;
}

const withLines = (request: string, text: string): string => `${request} ${text.split('\n').length - 1}\n${text}`;
