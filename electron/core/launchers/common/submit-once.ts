import { AppError } from '../../../shared/errors.ts';
import { quote } from '../../../shared/shell-quote.ts';
import type { Submission } from './launcher.ts';
import { enterDirectory, lockFunctions } from './remote-script.ts';

/** Longer than sbatch waits for its controller by itself, which is the most patient of them. */
const LIMIT_S = 100;

interface SubmitOnce {
  directory: string;
  /** Ends the script with a section `absent` where the scheduler's commands are not there. */
  here: string;
  /** Sets `known` to the job's id, or to nothing; where the scheduler cannot be asked, a section `lookup` and `return 1`. */
  lookUp: string;
  /** Writes what the job needs into its directory. */
  files?: string;
  /** Asks the scheduler whether it would take the job; where it would not, `refused CODE OUTPUT` and `return 0`. */
  check?: string;
  /** One command, whose output holds the id. `"$@"` stands for its arguments. */
  command: string;
  /** Other arguments, for one more try when the scheduler refuses the first in words that match `when` (grep -Ei). */
  otherwise?: { when: string; args: string };
  /** A sed script for `sed -n` that prints the id from that output. */
  id: string;
  /** Extended regular expression: output of a command whose job may have been taken all the same. */
  noAnswer: string;
  /** Sections that explain a refusal. */
  evidence: string;
}

/**
 * `rows_are_read PATTERN`: whether `rows`, an answer about jobs of a name, holds nothing but rows and the remarks of wrappers.
 * Where a submission was begun before, what cannot be read is not taken for "no job": that would be a second one.
 */
export const lookUpFunctions = `rows_are_read() {
  [ -e submitting ] || [ -e started ] || return 0
  unread=$(printf '%s\\n' "$rows" | grep -Ev -- "$1" | grep -Evi 'warning|^ *(note|info|notice)|deprecat|^[#*= -]*$')
  [ -z "$unread" ] || { emit lookup 1 "$unread"; return 1; }
}`;

/**
 * Submits at most once. The id is looked for in `jobid`, then with the scheduler; only then the command is run. `log` is made
 * first, so that its mode is ours and not the site's umask. The command, with a limit of its own, runs to its end and its id
 * is written down even when the session is being ended. `submitting` stays when that was not to be: the scheduler is then
 * asked a second time, some seconds later, as it may take up what it was sent after it was asked for it. With `find_only`
 * set, it ends with a section `none` instead of submitting.
 */
export function submitOnce(input: SubmitOnce): string {
  return `${lockFunctions}
${lookUpFunctions}
remember() { (umask 077; printf '%s\\n' "$1" >jobid.new) && mv -f jobid.new jobid; rm -f submitting; emit jobid 0 "$1"; }
look_up() {
known=
${input.lookUp}
}
refused() {
emit refused "$1" "$2"
${input.evidence}
}
${enterDirectory(input.directory)}
[ ! -s jobid ] || { emit jobid 0 "$(cat jobid)"; return 0; }
${input.here}
take_lock || return 0
[ ! -s jobid ] || { emit jobid 0 "$(cat jobid)"; return 0; }
look_up || return 0
if [ -z "$known" ] && [ -e submitting ]; then
  sleep 5
  look_up || return 0
fi
[ -z "$known" ] || { remember "$known"; return 0; }
[ ! -e started ] || { emit ran 1 "$(cat started)"; return 0; }
[ -z "\${find_only-}" ] || { emit none 1 ''; return 0; }
output=$( (umask 077; : >>log
${input.files ?? ''}) 2>&1) || { emit lock 1 "$output"; return 0; }
${input.check ?? ''}
limit=
if timeout -s KILL 5 true 2>/dev/null; then limit='timeout -s KILL ${LIMIT_S}'; fi
lock_holds || return 0
trap '' HUP INT PIPE TERM
: >submitting
attempt() {
  output=$(${input.command} 2>submit.err); code=$?
  errors=$(cat submit.err)
  rm -f submit.err
  id=$(printf '%s\\n' "$output" | sed -n '${input.id}' | tail -n 1)
}
attempt "$@"
${
  input.otherwise
    ? `if [ "$code" != 0 ] && [ "$code" -lt 128 ] && printf '%s\\n' "$errors" | grep -Eqi -- ${quote(input.otherwise.when)} &&
  ! printf '%s\\n' "$errors" | grep -Eqi '${input.noAnswer}'; then
  set -- ${input.otherwise.args}
  attempt "$@"
fi`
    : ''
}
if [ "$code" = 0 ] && [ -n "$id" ]; then remember "$id"; return 0; fi
[ "$code" -gt 128 ] || printf '%s\\n' "$errors" | grep -Eqi '${input.noAnswer}' || rm -f submitting
refused "$code" "$errors
$output"`;
}

/** A script of `submitOnce`, which only looks where the submission says so. */
export const withMode = ({ findOnly }: Pick<Submission, 'findOnly'>, script: string): string =>
  findOnly ? `find_only=1\n${script}` : script;

export const nothingSubmitted = (): AppError => new AppError('not-found', 'No job was submitted for this app.');
