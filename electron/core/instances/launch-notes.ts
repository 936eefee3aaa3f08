import { AppError } from '../../shared/errors.ts';
import { quote } from '../../shared/shell-quote.ts';
import { passwordOf, userOf } from '../recipes/legacy/launch-policy.ts';
import { type NoteValue, notesOf } from '../recipes/legacy/notes-policy.ts';
import type { Shell } from '../ssh/types.ts';
import type { Meta } from './meta.ts';

const MAX_OUTPUT = 64 * 1024;
/** Seconds for the recipe's own command. */
const LIMIT = 30;

/**
 * What a user needs of a ready app of Tunel's: the user and password of this launch, and what the recipe's `commands.post`
 * prints. That is run once, whichever computer comes first; its output is kept beside, readable by the user alone. Tunel
 * puts the path of the socket's directory where `$socket_dir` stands; here it is a variable of that name as well.
 * @throws AppError `command-failed`
 */
export async function readLaunchNotes(
  shell: Shell,
  directory: string,
  meta: Pick<Meta, 'tunels'>,
  token: string,
  signal: AbortSignal,
): Promise<NoteValue[]> {
  const { tunels } = meta;
  if (!tunels || (!tunels.userPass && tunels.post === '')) return [];
  const result = await shell.run(script(directory, tunels.post), { signal, timeoutMs: (LIMIT + 15) * 1000 });
  if (result.exitCode !== 0) {
    throw new AppError('command-failed', 'The notes of the app could not be read.', { detail: result.stderr });
  }
  const parts = new Map<string, string>();
  for (const line of result.stdout.split('\n')) {
    const [name = '', data] = line.split(' ');
    if (data !== undefined) parts.set(name, Buffer.from(data, 'base64').toString('utf8'));
  }
  const own: NoteValue[] = tunels.userPass
    ? [
        { label: 'User', value: parts.get('user')?.trimEnd() ?? userOf(token), secret: false },
        { label: 'Password', value: parts.get('pass')?.trimEnd() ?? passwordOf(token), secret: true },
      ]
    : [];
  return [...own, ...notesOf(parts.get('post') ?? '')];
}

function script(directory: string, post: string): string {
  const plain = /^[\w./-]+$/.test(directory);
  const command = plain ? post.replaceAll('$socket_dir', directory).replaceAll(`\${socket_dir}`, directory) : post;
  const run = `socket_dir=${quote(directory)}; export socket_dir
cd || exit 1
if command -v bash >/dev/null 2>&1; then shell=bash; else shell=sh; fi
limit=
if timeout 5 true 2>/dev/null; then limit='timeout ${LIMIT}'; fi
$limit $shell -c ${quote(command)} </dev/null 2>&1 | head -c ${MAX_OUTPUT} >"$d/.post/output"
mv -f "$d/.post/output" "$d/post"
cd "$d" || exit 1
`;
  return `umask 077
LC_ALL=C
d=${quote(directory)}
cd "$d" || exit 1
${post === '' ? '' : `if mkdir .post 2>/dev/null; then\n${run}fi\n`}for part in user pass post; do
  [ ! -f "$part" ] || printf '%s %s\\n' "$part" "$(head -c ${MAX_OUTPUT} "$part" | base64 | tr -d '\\n')"
done
`;
}
