import { hostname } from 'node:os';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { quote } from '../../shared/shell-quote.ts';
import { directoryOf } from '../instances/directory.ts';
import { INPUTS_FILE, jobOwnFiles } from '../instances/job-inputs.ts';
import { makeTar } from '../instances/tar.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Connection, RunResult } from '../ssh/types.ts';
import type { JobRecord } from '../storage/job-record.ts';
import { JOBS_FOLDER } from './job-directory-policy.ts';

/** Everything that touches a job's directory on a cluster but the bytes of its files. Each function is one script. */

const LIMIT_MS = 60_000;
/** Inputs may be large. */
const COPY_LIMIT_MS = 60 * 60_000;
/** Of a script, in bytes; longer ones are refused. */
const MAX_SCRIPT = 400_000;
/** Exit codes of our scripts, besides those of the commands in them. */
const NO_WORK_DIRECTORY = 93;
const LEADS_OUT = 94;
const NOT_EMPTY = 95;
const NO_RESULT = 96;

/** Shell text: `go FOLDER` enters it or prints why not, which the shell's own `cd` does not everywhere. */
const prelude = `umask 077
LC_ALL=C; export LC_ALL
go() {
  cd -P -- "$1" 2>/dev/null && return 0
  ls -d -- "$1/." >/dev/null && echo 'permission denied' >&2
  return 1
}
`;

/**
 * Makes the directory, unless it is there, and writes our files in it: the script, what the job was created from, and a link to
 * its log. Done twice it changes nothing.
 * @throws AppError `not-found` for a work directory that is none, `no-space`, `read-only`, `not-permitted`
 */
export async function writeJobDirectory(
  connection: Connection,
  record: JobRecord,
  home: string,
  signal: AbortSignal,
): Promise<void> {
  const { id, name, values, directory, script } = record;
  const work = directory.slice(0, directory.lastIndexOf(`/${JOBS_FOLDER}/`)) || '/';
  const facts = { version: 1, id, name, values, from: hostname().slice(0, 255) };
  const stdin = await makeTar([
    { name: 'script.sh', data: Buffer.from(script), mode: 0o700 },
    { name: 'job.json', data: Buffer.from(`${JSON.stringify(facts)}\n`), mode: 0o600 },
  ]);
  const text = `${prelude}fail() { cat >/dev/null; exit "$1"; }
go ${quote(work)} || fail ${NO_WORK_DIRECTORY}
d=${quote(directory)}
[ -d "$d" ] || mkdir -p -- "$d" || fail 1
cd -- "$d" && chmod 700 . || fail 1
new=$(mktemp -d ./.new-XXXXXXXX) || fail 1
if tar -xof - -C "$new" && mv -f "$new/script.sh" "$new/job.json" . ; then code=0; else code=1; fi
rm -rf -- "$new"
[ "$code" = 0 ] || exit 1
[ -e job.log ] || [ -L job.log ] || ln -s ${quote(`${directoryOf(home, id)}/log`)} job.log
`;
  const result = await connection.run(text, { stdin, signal, timeoutMs: LIMIT_MS });
  if (result.exitCode === NO_WORK_DIRECTORY) throw noWorkDirectory(result, connection.node, work);
  if (result.exitCode !== 0) throw fileError(result.stderr, connection.node, directory, 'written');
}

function noWorkDirectory({ stderr }: RunResult, node: string, work: string): AppError {
  return fileError(stderr, node, work, 'read').with({
    hint: 'Make this work directory on the cluster, or choose another one.',
  });
}

/** Shell text: `enter PART` goes into a folder of the job's directory `$root`, made where there is none, and no further. */
const enterFunctions = (directory: string): string => `root=$(go ${quote(directory)} && pwd -P) || exit 1
go "$root" || exit 1
inside() { case $1/ in "$root"/*) ;; *) exit ${LEADS_OUT} ;; esac; }
enter() {
  if [ ! -e "./$1" ] && [ ! -L "./$1" ]; then mkdir -m 700 -- "./$1" || [ -d "./$1" ] || exit 1; fi
  go "./$1" || exit 1
  inside "$(pwd -P)"
}
`;

/**
 * Makes the folders on the way to a file that is about to be written.
 * @throws AppError `not-permitted` where a link leads out of the directory, `conflict` where a folder has its name
 */
export async function prepareWrite(
  connection: Connection,
  directory: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const { folders, name } = splitPath(path);
  const text = `${prelude}${enterFunctions(directory)}${folders.map((part) => `enter ${quote(part)}\n`).join('')}
name=${quote(`./${name}`)}
if [ -L "$name" ]; then
  target=$(readlink -f -- "$name") || exit ${LEADS_OUT}
  inside "$target"
fi
[ ! -d "$name" ] || { echo 'is a directory' >&2; exit 1; }
`;
  checkResult(await connection.run(text, { signal, timeoutMs: LIMIT_MS }), connection.node, directory, path, 'written');
}

/** Removes a file, a link or an empty folder. @throws AppError `not-found`, `not-permitted`, `conflict` */
export async function removeJobFile(
  connection: Connection,
  directory: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const { folders, name } = splitPath(path);
  const text = `${prelude}${enterFunctions(directory)}
enter() { go "./$1" || exit 1; inside "$(pwd -P)"; }
${folders.map((part) => `enter ${quote(part)}\n`).join('')}name=${quote(`./${name}`)}
if [ -d "$name" ] && [ ! -L "$name" ]; then
  [ -z "$(ls -A -- "$name" | head -n 1)" ] || exit ${NOT_EMPTY}
  rmdir -- "$name"
else
  rm -- "$name" </dev/null
fi
`;
  const result = await connection.run(text, { signal, timeoutMs: LIMIT_MS });
  if (result.exitCode === NOT_EMPTY) {
    throw new AppError('conflict', message`The folder ${{ path }} is not empty.`, {
      hint: 'Remove what is in it first.',
    });
  }
  checkResult(result, connection.node, directory, path, 'written');
}

function checkResult(result: RunResult, node: string, directory: string, path: string, doing: 'written'): void {
  if (result.exitCode === LEADS_OUT) {
    throw new AppError('not-permitted', message`${{ path }} leads out of the directory of the job by a link.`, {
      hint: message`See: ls -l '${{ directory }}'`,
    });
  }
  if (result.exitCode !== 0) throw fileError(result.stderr, node, `${directory}/${path}`, doing);
}

function splitPath(path: string): { folders: string[]; name: string } {
  const parts = path.split('/');
  return { folders: parts.slice(0, -1), name: parts.at(-1) ?? '' };
}

/** Moves the directory out of the way, then removes it; one that is gone is no error. */
export async function removeJobDirectory(
  connection: Connection,
  { id, directory }: Pick<JobRecord, 'id' | 'directory'>,
  signal: AbortSignal,
): Promise<void> {
  const folder = directory.slice(0, directory.lastIndexOf('/'));
  // Whatever a damaged record says, nothing but the directory of this job is removed.
  if (!folder.endsWith(`/${JOBS_FOLDER}`) || !directory.endsWith(`-${id}`)) {
    throw new AppError('internal', message`${{ directory }} is not the directory of the job ${{ id }}.`);
  }
  const text = `${prelude}cd -- ${quote(folder)} 2>/dev/null || exit 0
d=${quote(directory.slice(folder.length + 1))}
old=${quote(`.removed-${id}`)}
rm -rf -- "$old"
[ -d "$d" ] || exit 0
mv -- "$d" "$old" && rm -rf -- "$old"
`;
  const result = await connection.run(text, { signal, timeoutMs: 10 * LIMIT_MS });
  if (result.exitCode !== 0) throw fileError(result.stderr, connection.node, directory, 'written');
}

/** The script as it is in the directory now; null: it is gone. */
export async function readScript(
  connection: Connection,
  directory: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const path = `${directory}/script.sh`;
    return Buffer.from(await connection.readFile(path, { maxBytes: MAX_SCRIPT + 1, signal })).toString('utf8');
  } catch (error) {
    if (AppError.from(error).code === 'not-found') return null;
    throw error;
  }
}

/** Shell text: names of the files in the current folder that are not ours, each ended by NUL. */
const listInputs = `list_inputs() {
  find . \\( -type f -o -type l \\) ${jobOwnFiles.map((name) => `! -path ${quote(`./${name}`)}`).join(' ')} -print0
}
`;

/** Notes which files there are when the job is submitted: what comes later is a result. */
export async function noteInputs(connection: Connection, directory: string, signal: AbortSignal): Promise<void> {
  const text = `${prelude}${listInputs}go ${quote(directory)} || exit 1
list_inputs >${INPUTS_FILE}.new && mv -f ${INPUTS_FILE}.new ${INPUTS_FILE}
`;
  const result = await connection.run(text, { signal, timeoutMs: LIMIT_MS });
  if (result.exitCode !== 0) throw fileError(result.stderr, connection.node, directory, 'written');
}

/**
 * Copies the inputs of a job into the directory of another one, and some of its results; inputs that are gone are left out. Done
 * twice it changes nothing.
 * @throws AppError `not-found` where that directory or a result is gone, `no-space`
 */
export async function copyInputs(
  connection: Connection,
  { from, results }: { from: string; results: readonly string[] },
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const named = results.map((path) => quote(`./${path}`)).join(' ');
  const text = `${prelude}${listInputs}go ${quote(from)} || exit 3
set -- ${named}
for f; do [ -e "$f" ] || { printf %s "$f"; exit ${NO_RESULT}; }; done
new=$(mktemp -d ${quote(`${to}/.new-XXXXXXXX`)}) || exit 1
trap 'rm -rf -- "$new"' EXIT
{ if [ -f ${INPUTS_FILE} ]; then cat ${INPUTS_FILE}; else list_inputs; fi; [ $# = 0 ] || printf '%s\\0' "$@"; } |
  xargs -0 sh -c 'for f; do if [ -e "$f" ] || [ -L "$f" ]; then printf "%s\\0" "$f"; fi; done' sh >"$new/list" || exit 1
[ -s "$new/list" ] || exit 0
{ tar -cf - --null -T "$new/list"; echo $? >"$new/code"; } | tar -xf - -C ${quote(to)} || exit 1
# GNU tar ends with 1 where a file changed while it was read.
[ "$(cat "$new/code")" -le 1 ]
`;
  const result = await connection.run(text, { signal, timeoutMs: COPY_LIMIT_MS });
  if (result.exitCode === NO_RESULT) {
    throw new AppError(
      'not-found',
      message`There is no ${{ path: result.stdout.slice(2) }} in ${{ directory: from }}.`,
      { hint: 'Run the other job again without this result.' },
    );
  }
  if (result.exitCode === 3) throw fileError(result.stderr, connection.node, from, 'read');
  if (result.exitCode !== 0) throw fileError(result.stderr, connection.node, to, 'written');
}
