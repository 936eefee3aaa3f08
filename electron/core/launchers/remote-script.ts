import { AppError } from '../../shared/errors.ts';
import { quote } from '../shell-quote.ts';
import type { RunOptions, Shell } from '../ssh/types.ts';

/** One part of a script's output: what a command said and how it ended. */
export interface Section {
  name: string;
  exitCode: number;
  text: string;
}

/**
 * `emit NAME CODE TEXT` prints one section; `section NAME COMMAND...` runs a command and prints its words as one.
 * In a function that is read whole before it runs, so that a command which reads stdin cannot eat the script.
 */
export function remoteScript(body: string): string {
  return `emit() { printf '@@tunel %s %s@@\\n%s\\n' "$1" "$2" "$3"; }
section() { name=$1; shift; out=$("$@" 2>&1); emit "$name" "$?" "$out"; }
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

/** Runs a script of ours; a script that does not come to its end is a `command-failed` with its last words. */
export async function runSections(
  shell: Shell,
  what: string,
  body: string,
  options: RunOptions = {},
): Promise<Section[]> {
  const result = await shell.run(remoteScript(body), options);
  if (result.exitCode === 0) return readSections(result.stdout);
  throw new AppError('command-failed', `${what} failed on the cluster (exit code ${result.exitCode}).`, {
    detail: lastLines(result.stderr || result.stdout),
    hint: 'Try again; if it stays so, look at what the cluster said.',
  });
}

/** Enough of a command's words for evidence. */
export function lastLines(text: string, lines = 20): string {
  return text.trim().split('\n').slice(-lines).join('\n').slice(-4000);
}

/**
 * `take_lock` in the instance's directory: one submit at a time, from wherever it comes. A lock left behind is taken over
 * when its owner is gone from this node, or after ten minutes when it was taken on another one. It is renamed before it is
 * removed and put back when it turns out to be a newer one.
 */
export const lockFunctions = `
lock_is_stale() {
  if [ "\${1%% *}" = "$(uname -n)" ]; then ! kill -0 "\${1##* }" 2>/dev/null
  else [ -n "$(find submit.lock -prune -mmin +10 2>/dev/null)" ]; fi
}
take_lock() {
  tries=0
  until said=$(mkdir submit.lock 2>&1); do
    [ -d submit.lock ] || { emit lock 1 "$said"; return 1; }
    owner=$(cat submit.lock/owner 2>/dev/null)
    if lock_is_stale "$owner"; then
      if mv submit.lock "submit.lock.$$" 2>/dev/null; then
        if [ "$(cat "submit.lock.$$/owner" 2>/dev/null)" = "$owner" ]; then rm -rf "submit.lock.$$"
        else mv "submit.lock.$$" submit.lock; fi
      fi
    else
      tries=$((tries + 1))
      [ "$tries" -le 45 ] || { emit lock 1 "busy: $owner"; return 1; }
      sleep 1
    fi
  done
  printf '%s %s\\n' "$(uname -n)" "$$" >submit.lock/owner
  trap 'rm -rf submit.lock' EXIT
}`;

/** Enters the instance's directory and sees that there is something to run. */
export function enterDirectory(directory: string): string {
  return `cd ${quote(directory)} || { emit directory 1 'The directory is not there.'; return 0; }
[ -x run.sh ] || { emit directory 2 'run.sh is not there, or not executable.'; return 0; }`;
}

/** What a failed preparation means; undefined: it went well. */
export function preparationError(sections: readonly Section[], directory: string): AppError | undefined {
  const missing = findSection(sections, 'directory');
  if (missing) {
    return new AppError('submit-failed', `Cannot start from ${directory}: ${missing.text}`, {
      hint: 'Launch the app again; its directory on the cluster was removed meanwhile.',
    });
  }
  const lock = findSection(sections, 'lock');
  if (!lock) return undefined;
  if (lock.text.startsWith('busy')) {
    return new AppError('conflict', 'This app is being submitted by another window or computer.', {
      detail: lock.text,
      hint: `Wait a moment. If nothing else is submitting it, remove ${directory}/submit.lock on the cluster.`,
    });
  }
  return fileError(lock.text, directory);
}

/** Why a directory on the cluster could not be written to, by the system's own words. */
export function fileError(words: string, directory: string): AppError {
  if (/No space left|Disk quota exceeded/i.test(words)) {
    return new AppError('no-space', `There is no space left for ${directory}.`, {
      detail: words,
      hint: 'Free some space or raise the quota there, or choose another work directory for this cluster.',
    });
  }
  if (/Read-only file system/i.test(words)) {
    return new AppError('read-only', `${directory} is on a file system that is read-only at the moment.`, {
      detail: words,
      hint: 'Choose another work directory for this cluster, or ask its support.',
    });
  }
  return new AppError('not-permitted', `Cannot write to ${directory}.`, {
    detail: words,
    hint: 'Look at the owner and mode of that directory.',
  });
}
