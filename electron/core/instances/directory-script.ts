import { quote } from '../../shared/shell-quote.ts';

/** Of a log that is followed, at most this much an observation. */
const LOG_CHUNK = 64 * 1024;

/**
 * Shell text: `look ID DIRECTORY` prints what a directory of ours holds as `word rest` lines (observation.ts). One-line
 * files are read by the shell itself, without a process each.
 */
export const lookFunctions = `umask 077
LC_ALL=C
export LC_ALL
line() {
  if [ -f "$d/$2" ]; then value=; IFS= read -r value <"$d/$2" || :; [ -z "$value" ] || printf '%s %s\\n' "$1" "$value"; fi
}
# What was typed into the form, which a log shall not show; it may have several lines.
typed() {
  for f in "$d"/secret-*; do
    [ -f "$f" ] || continue
    printf 'typed '
    base64 <"$f" | tr -d '\\n'
    printf '\\n'
  done
}
look() {
  id=$1
  d=$2
  printf 'id %s\\n' "$id"
  [ -d "$d" ] || return 0
  printf 'exists 1\\n'
  line meta instance.json
  line job job
  line started started
  line exit exit
  line problem problem
  line endpoint endpoint
  line secret secret
  [ -z "\${wants_typed-}" ] || typed
  if [ -f "$d/stop" ]; then printf 'stop 1\\n'; fi
  # Made by the launchers; submitting stands for a submission whose answer is not known.
  for mark in jobid pid submitting started; do
    [ ! -e "$d/$mark" ] || { printf 'submitted 1\\n'; break; }
  done
}
`;

/**
 * Shell text, after `look`: `ended` prints when it ended, `log FROM` the size of its log and what follows an offset.
 * `log_size` sets `size`; `log_part FROM` prints the last bytes up to `size`.
 */
export const logFunctions = `ended() {
  [ -f "$d/exit" ] || return 0
  time=$(stat -c %Y "$d/exit" 2>/dev/null || stat -f %m "$d/exit" 2>/dev/null) || return 0
  printf 'ended %s\\n' "$time"
}
log_size() {
  size=0
  [ -f "$d/log" ] || return 0
  size=$(wc -c <"$d/log" 2>/dev/null) || size=0
  size=$((size + 0))
}
log_part() {
  [ "$size" -gt "$1" ] || return 0
  from=$1
  [ $((size - from)) -le ${LOG_CHUNK} ] || from=$((size - ${LOG_CHUNK}))
  printf 'log %s ' "$from"
  tail -c +$((from + 1)) "$d/log" | head -c $((size - from)) | base64 | tr -d '\\n'
  printf '\\n'
}
log() {
  log_size
  printf 'size %s\\n' "$size"
  [ -z "\${1-}" ] || log_part "$1"
}
`;

/** Shell text: writes the number of its job into a directory that does not hold one yet. */
export function noteJob(directory: string, job: string): string {
  const temporary = quote(`${directory}/.job.new`);
  const file = quote(`${directory}/job`);
  return `[ -f ${file} ] || { printf '%s\\n' ${quote(job)} >${temporary} && mv -f ${temporary} ${file}; }\n`;
}
