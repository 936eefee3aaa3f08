import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { quote } from '../../shared/shell-quote.ts';
import { classifyFileProblem } from '../ssh/sftp/file-errors.ts';
import type { RunResult, Shell } from '../ssh/types.ts';
import { logFunctions, lookFunctions, noteJob } from './directory-script.ts';
import type { Meta } from './meta.ts';
import { type Observation, parseObservations } from './observation.ts';
import { makeTar, type TarFile } from './tar.ts';

/** Everything that touches `~/.tunel/<id>` on a cluster. Each function is one script, since each run is a round trip. */

export const directoryOf = (home: string, id: string): string => `${home.replace(/\/+$/, '')}/.tunel/${id}`;

/** At most this many directories are read at one connection; the newest. */
const MAX_LISTED = 200;
export const MAX_LOG_READ = 256 * 1024;

/** Looks at every directory of ours, newest first. `maxAgeDays`: an older `exit` is marked. */
export async function listDirectories(
  shell: Shell,
  maxAgeDays: number,
  signal?: AbortSignal,
): Promise<{ home: string; found: Map<string, Observation> }> {
  const script = `${lookFunctions}wants_typed=1
root=$HOME/.tunel
printf 'home %s\\n' "$HOME"
[ -d "$root" ] || exit 0
for id in $(ls -1t "$root" | head -n ${MAX_LISTED}); do
  [ -f "$root/$id/instance.json" ] || continue
  look "$id" "$root/$id"
  if [ -f "$d/exit" ] && [ -n "$(find "$d/exit" -mtime +${maxAgeDays} 2>/dev/null)" ]; then printf 'old 1\\n'; fi
done
`;
  const stdout = succeed(await shell.run(script, { signal }), 'list the running apps');
  const end = stdout.indexOf('\n');
  return { home: stdout.slice('home '.length, end), found: parseObservations(stdout.slice(end + 1)) };
}

interface Look {
  id: string;
  directory: string;
  /** null: the log is not wanted now. */
  logFrom: number | null;
  /** Written into `job` first, when it is not there yet. */
  job: string | null;
}

/** Looks at some directories at once. */
export async function observe(
  shell: Shell,
  looks: readonly Look[],
  signal?: AbortSignal,
): Promise<Map<string, Observation>> {
  const parts = looks.map((look) => {
    const directory = quote(look.directory);
    const job = look.job === null ? '' : noteJob(look.directory, look.job);
    return `${job}look ${look.id} ${directory}\nended\n${look.logFrom === null ? 'log' : `log ${look.logFrom}`}\n`;
  });
  const script = `${lookFunctions}${logFunctions}${parts.join('')}`;
  return parseObservations(succeed(await shell.run(script, { signal, timeoutMs: 30_000 }), 'look at the running apps'));
}

/**
 * Makes the directory and sends every file in one run. `instance.json` is renamed into place last: it says that all
 * the others are there, so a second call after a lost answer changes nothing.
 * @throws AppError `read-only`, `no-space`, `not-permitted` or `command-failed`
 */
export async function upload(
  shell: Shell,
  home: string,
  meta: Meta,
  files: readonly TarFile[],
  signal?: AbortSignal,
): Promise<void> {
  const directory = directoryOf(home, meta.id);
  const root = quote(directory.slice(0, directory.lastIndexOf('/')));
  const script = `umask 077
LC_ALL=C
export LC_ALL
d=${quote(directory)}
if [ -f "$d/instance.json" ]; then cat >/dev/null; exit 0; fi
mkdir -p ${root} && chmod 700 ${root} && rm -rf "$d" && mkdir -m 700 "$d" && cd "$d" || { cat >/dev/null; exit 3; }
if tar -xof - && printf '%s\\n' ${quote(JSON.stringify(meta))} >.instance.new && [ -s .instance.new ] && [ -s run.sh ]
then mv .instance.new instance.json && exit 0; fi
cd / && rm -rf "$d"
exit 3
`;
  const result = await shell.run(script, { stdin: await makeTar(files), signal, timeoutMs: 120_000 });
  if (result.exitCode !== 0) throw directoryError(result, directory);
}

/** Why a directory of ours could not be written, by what mkdir or tar printed. */
export function directoryError(result: Pick<RunResult, 'stderr' | 'exitCode'>, directory: string): AppError {
  const detail = result.stderr.trim().slice(0, 2000) || `exit code ${result.exitCode}`;
  switch (classifyFileProblem(detail)) {
    case 'read-only':
      return new AppError('read-only', message`${{ directory }} cannot be made: the home directory is read-only.`, {
        hint: 'Ask the administrators of the cluster why; often a file server is being repaired.',
        detail,
      });
    case 'quota':
    case 'no-space':
      return new AppError('no-space', message`${{ directory }} cannot be written: the home directory is full.`, {
        hint: 'Delete files there or ask for more quota; `du -sh ~/.[!.]* ~/*` shows what takes the space.',
        detail,
      });
    case 'not-permitted':
      return new AppError('not-permitted', message`${{ directory }} cannot be written: permission denied.`, {
        hint: 'Check who owns ~/.tunel and the home directory there (`ls -ld ~ ~/.tunel`).',
        detail,
      });
    default:
      return new AppError('command-failed', message`${{ directory }} could not be written.`, {
        hint: 'The detail is what the cluster printed.',
        detail,
      });
  }
}

/** @returns bytes from `offset` on (negative: from the end), and the size of the log. */
export async function readLog(
  shell: Shell,
  directory: string,
  offset: number,
  signal?: AbortSignal,
): Promise<{ offset: number; size: number; bytes: Buffer }> {
  const log = quote(`${directory}/log`);
  const script = `LC_ALL=C
[ -f ${log} ] || { printf '0 0 \\n'; exit 0; }
size=$(wc -c <${log})
size=$((size))
from=${Math.trunc(offset)}
[ "$from" -ge 0 ] || from=$((size + from))
[ "$from" -ge 0 ] || from=0
[ "$from" -le "$size" ] || from=$size
printf '%s %s ' "$size" "$from"
tail -c +$((from + 1)) ${log} | head -c ${MAX_LOG_READ} | base64 | tr -d '\\n'
`;
  const [size = '0', from = '0', data = ''] = succeed(
    await shell.run(script, { signal, timeoutMs: 30_000 }),
    `read ${directory}/log`,
  )
    .trim()
    .split(' ');
  return { size: Number(size), offset: Number(from), bytes: Buffer.from(data, 'base64') };
}

/** Says to every computer that looks that the end which follows was wanted. A directory that is gone is no error. */
export async function noteStop(shell: Shell, directory: string, signal?: AbortSignal): Promise<void> {
  await shell.run(`umask 077\n[ -d ${quote(directory)} ] && : >${quote(`${directory}/stop`)}\n`, { signal });
}

/**
 * Removes directories of ours; one that is gone is no error. Results that a job without the home directory sent back are
 * the user's and stay, in `~/tunel-results/<id>`.
 */
export async function removeDirectories(
  shell: Shell,
  home: string,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  if (ids.length === 0) return;
  const results = quote(`${home.replace(/\/+$/, '')}/tunel-results`);
  // What has just ended may write its last lines into a directory while that is emptied.
  const script = `umask 077
remove() {
  for pause in 0.2 0.5 1 2; do
    rm -rf -- "$1" 2>/dev/null && return 0
    sleep "$pause" || sleep 1
  done
  rm -rf -- "$1"
}
for id in ${ids.map(quote).join(' ')}; do
  d=${quote(directoryOf(home, ''))}$id
  for work in "$d/work" "$d"/task-*/work; do
    # A link leads to the directory of a job, where its results are already.
    [ ! -L "$work" ] && [ -n "$(ls -A "$work" 2>/dev/null)" ] || continue
    task=\${work#"$d"/}
    case $task in
      work) mkdir -p ${results} && mv "$work" ${results}/"$id" || exit 1 ;;
      *) mkdir -p ${results}/"$id" && mv "$work" ${results}/"$id/\${task%/work}" || exit 1 ;;
    esac
  done
  remove "$d" || exit 1
done
`;
  succeed(await shell.run(script, { signal }), 'remove the directory of an ended app');
}

function succeed(result: RunResult, what: string): string {
  if (result.exitCode === 0) return result.stdout;
  throw new AppError('command-failed', message`The cluster could not ${{ action: what }}.`, {
    detail: result.stderr.trim().slice(0, 2000) || `exit code ${result.exitCode}`,
  });
}
