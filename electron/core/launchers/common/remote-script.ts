import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { quote } from '../../../shared/shell-quote.ts';
import { classifyFileProblem } from '../../ssh/sftp/file-errors.ts';
import type { RunOptions, Shell } from '../../ssh/types.ts';

/** One part of a script's output: a command's output and how it ended. */
export interface Section {
  name: string;
  exitCode: number;
  text: string;
}

/**
 * `emit NAME CODE TEXT` prints one section; `section NAME COMMAND...` runs a command and prints its output as one.
 * `answer COMMAND...` sets `rows` to its output, `errors` to its messages and `code`: where both go one way, a message lands in
 * the middle of a row as soon as the output is longer than a buffer.
 * In a function that is read whole before it runs, so that a command which reads stdin cannot eat the script.
 */
export function remoteScript(body: string): string {
  return `emit() { printf '@@tunel %s %s@@\\n%s\\n' "$1" "$2" "$3"; }
section() { name=$1; shift; out=$("$@" 2>&1); emit "$name" "$?" "$out"; }
answer() {
  all=$({ errors=$("$@" 2>&1 >&3); code=$?; } 3>&1; printf '\\n@@errors %s@@\\n%s\\n' "$code" "$errors")
  code=$(printf '%s\\n' "$all" | sed -n 's/^@@errors \\([0-9]*\\)@@$/\\1/p' | head -n 1)
  rows=$(printf '%s\\n' "$all" | sed '/^@@errors [0-9]*@@$/,$d')
  errors=$(printf '%s\\n' "$all" | sed '1,/^@@errors [0-9]*@@$/d')
}
main() {
${body}
}
main </dev/null
`;
}

export function readSections(stdout: string): Section[] {
  const sections: Section[] = [];
  for (const line of stdout.split('\n')) {
    const start = /^@@tunel (\S+) (\d+)@@$/.exec(line);
    if (start) sections.push({ name: start[1] ?? '', exitCode: Number(start[2]), text: '' });
    else {
      const current = sections.at(-1);
      if (current) current.text += `${line}\n`;
    }
  }
  for (const section of sections) section.text = section.text.trimEnd();
  return sections;
}

export function findSection(sections: readonly Section[], name: string): Section | undefined {
  return sections.find((section) => section.name === name);
}

/** Runs a script of ours; a script that does not come to its end is a `command-failed` with its last lines. */
export async function runSections(
  shell: Shell,
  what: string,
  body: string,
  options: RunOptions = {},
): Promise<Section[]> {
  const result = await shell.run(remoteScript(body), options);
  if (result.exitCode === 0) return readSections(result.stdout);
  throw new AppError(
    'command-failed',
    message`${{ what }} failed on the cluster (exit code ${{ exitCode: result.exitCode }}).`,
    {
      detail: lastLines(result.stderr || result.stdout),
      hint: 'Try again; if it stays so, look at what the cluster printed.',
    },
  );
}

/**
 * A script that takes the lock, run again while somebody else has it: a lock left behind on another node is known for one
 * only after some minutes.
 */
export async function runLocked(
  shell: Shell,
  what: string,
  body: string,
  options: RunOptions = {},
): Promise<Section[]> {
  const patience = AbortSignal.timeout((LOCK_LEFT + 1) * 60_000);
  for (;;) {
    const sections = await runSections(shell, what, body, options);
    if (!findSection(sections, 'busy') || patience.aborted || options.signal?.aborted) return sections;
  }
}

/** Enough of a command's output for evidence. */
export function lastLines(text: string, lines = 20): string {
  return text.trim().split('\n').slice(-lines).join('\n').slice(-4000);
}

/**
 * `start_time PID`: what distinguishes a process from a later one with its number; nothing when it does not run (or is a zombie).
 * Without /proc (macOS) ps is asked.
 */
export const startTimeFunction = `
start_time() {
  if [ -r /proc/self/stat ]; then
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    set -- \${stat##*\\) }
    case $1 in Z | X) ;; *) echo "\${20}" ;; esac
  else
    case $(ps -o stat= -p "$1" 2>/dev/null) in
      '' | Z*) ;;
      *) LC_ALL=C TZ=UTC ps -o lstart= -p "$1" | tr -s ' :' '--' ;;
    esac
  fi
}`;

/** Seconds after `take_lock` in which `lock_holds`; what is then begun has to end before others may take the lock over. */
const LOCK_HOLDS = 90;
/** Minutes after which a lock that was taken on another node is taken for left behind. */
const LOCK_LEFT = 4;

/**
 * `take_lock` in the instance's directory: one submit at a time, from wherever it comes.
 * A lock is a symbolic link whose target names its owner (node, process, start time), so that it appears with its owner or
 * not at all, on network file systems too. The owner removes it. One whose owner is gone is never removed: whoever comes
 * next goes on to the next number, so that two who find it cannot take each other's. An owner removes its lock before it
 * ends, so a lock is left behind only when it is still there after its owner was seen to be gone. Owners on other nodes
 * cannot be looked at; theirs is left behind after LOCK_LEFT minutes, and is then not removed by them any more.
 * `lock_holds`: there is time to begin what the lock is for.
 */
export const lockFunctions = `${startTimeFunction}
lock_is_left() {
  if [ "$1" = "$(uname -n)" ]; then
    born=$(start_time "$2")
    [ -z "$born" ] || [ "$born" != "\${3:-$born}" ] || return 1
  else [ -n "$(find "$lock" -prune -mmin +${LOCK_LEFT} 2>/dev/null)" ] || return 1
  fi
  [ "$(readlink "$lock" 2>/dev/null)" = "$owner" ]
}
lock_goes() {
  [ "$(($(date +%s) - lock_since))" -ge ${LOCK_LEFT * 60 - 30} ] || rm -f "$lock"
}
lock_holds() {
  [ "$(($(date +%s) - lock_since))" -lt ${LOCK_HOLDS} ] || { emit busy 1 "too slow for $mine"; return 1; }
}
take_lock() {
  { read -r lock_pid rest </proc/self/stat; } 2>/dev/null || lock_pid=$$
  mine="$(uname -n) $lock_pid $(start_time "$lock_pid")"
  lock_since=$(date +%s) number=1 failed=0
  while :; do
    lock=submit.lock.$number
    output=$(ln -sn "$mine" "$lock" 2>&1)
    owner=$(readlink "$lock" 2>/dev/null)
    if [ "$owner" = "$mine" ]; then
      lock_since=$(date +%s)
      trap lock_goes EXIT
      return 0
    elif [ -z "$owner" ]; then
      failed=$((failed + 1))
      [ "$failed" -lt 5 ] || { emit lock 1 "$output"; return 1; }
    elif lock_is_left $owner; then number=$((number + 1))
    elif [ "$(($(date +%s) - lock_since))" -ge 30 ]; then emit busy 1 "$owner"; return 1
    else
      number=1
      sleep 0.2 2>/dev/null || sleep 1
    fi
  done
}`;

/** Enters the instance's directory and sees that there is something to run. */
export function enterDirectory(directory: string): string {
  return `cd ${quote(directory)} || { emit directory 1 'The directory is not there.'; return 0; }
[ -x run.sh ] || { emit directory 2 'run.sh is not there, or not executable.'; return 0; }`;
}

/** Why the preparation failed; undefined: it did not. */
export function preparationError(sections: readonly Section[], directory: string): AppError | undefined {
  const missing = findSection(sections, 'directory');
  if (missing) {
    return new AppError('submit-failed', message`Cannot start from ${{ directory }}: ${{ reason: missing.text }}`, {
      hint: 'Launch the app again; its directory on the cluster was removed meanwhile.',
    });
  }
  const busy = findSection(sections, 'busy');
  if (busy) {
    return new AppError('conflict', 'This app is being submitted by another window or computer.', {
      detail: busy.text,
      hint: message`Wait a moment. If nothing else is submitting it, remove ${{ directory }}/submit.lock.* on the cluster.`,
    });
  }
  const lock = findSection(sections, 'lock');
  return lock && fileError(lock.text, directory);
}

/** Why a directory on the cluster could not be written to, by the output of what tried. */
export function fileError(output: string, directory: string): AppError {
  switch (classifyFileProblem(output)) {
    case 'quota':
    case 'no-space':
      return new AppError('no-space', message`There is no space left for ${{ directory }}.`, {
        detail: output,
        hint: 'Free some space or raise the quota there, or choose another work directory for this cluster.',
      });
    case 'read-only':
      return new AppError('read-only', message`${{ directory }} is on a file system that is read-only at the moment.`, {
        detail: output,
        hint: 'Choose another work directory for this cluster, or ask its support.',
      });
    default:
      return new AppError('not-permitted', message`Cannot write to ${{ directory }}.`, {
        detail: output,
        hint: 'Look at the owner and mode of that directory.',
      });
  }
}

/** Whether a command failed because its file system is full or read-only, and not because of what it was asked. */
export function isFileSystemProblem(output: string): boolean {
  const problem = classifyFileProblem(output);
  return problem === 'quota' || problem === 'no-space' || problem === 'read-only';
}
