import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { quote } from '../../shared/shell-quote.ts';
import { checkGitUrl } from '../git-url.ts';
import { makeModuleAvailable } from '../ssh/shells/module-command.ts';
import type { RunResult, Shell } from '../ssh/types.ts';
import { type FolderLook, readablePath } from './folder-look.ts';

/** Nothing is asked, no helper of an address runs, and a clone has no hooks. */
const preparation = `umask 077
LC_ALL=C GIT_TERMINAL_PROMPT=0 GIT_ASKPASS=true GIT_SSH_COMMAND='ssh -o BatchMode=yes'
GIT_ALLOW_PROTOCOL=https:http:ssh:git:file
export LC_ALL GIT_TERMINAL_PROMPT GIT_ASKPASS GIT_SSH_COMMAND GIT_ALLOW_PROTOCOL
command -v git >/dev/null || exit 127
# Some servers give out branches only, not any commit by its number.
fetch_commit() {
  git -C "$1" fetch -q --depth 1 "$2" "$3" || git -C "$1" fetch -q "$2" '+refs/*:refs/tunel/*'
}
`;

/** A script for bash after the cluster's own lines, which may load a git module; what those lines print is left out. */
const within = (lines: string, script: string): string =>
  lines.trim() === ''
    ? script
    : `command -v bash >/dev/null || { echo "bash: command not found" >&2; exit 127; }
exec bash -c ${quote(`{ ${makeModuleAvailable}${lines}
} >/dev/null 2>&1 </dev/null
${script}`)}
`;

const MAX_LISTING = 32 * 1024 * 1024;

interface GitLook {
  commit: string;
  look: FolderLook;
  files: number;
  bytes: number;
}

/** Has the cluster fetch one commit, the newest if none is named, and lists what is in it. Nothing stays there. */
export async function lookAtGit(
  shell: Shell,
  { url, commit }: { url: string; commit: string },
  lines: string,
  signal?: AbortSignal,
): Promise<GitLook> {
  const address = quote(checkGitUrl(url));
  const script = `${preparation}
t=$(mktemp -d) || exit 3
trap 'rm -rf "$t"' EXIT
git init -q "$t" && fetch_commit "$t" ${address} ${commit || 'HEAD'} || exit 4
c=$(git -C "$t" rev-parse --verify -q ${commit ? `${commit}^{commit}` : 'FETCH_HEAD^{commit}'}) || exit 5
printf '%s\\0' "$c"
git -C "$t" ls-tree -r -l -z "$c"
printf '\\0'
git -C "$t" ls-tree -r --name-only -z "$c" | tr '\\0\\n' '\\n?' | grep -E '${readablePath}' | head -n 200 |
while IFS= read -r name; do
  printf '%s\\0' "$name"
  git -C "$t" show "$c:$name" | head -c 65536 | base64 | tr -d '\\n'
  printf '\\0'
done
`;
  const result = await shell.run(within(lines, script), { signal, timeoutMs: 300_000, maxBytes: MAX_LISTING });
  if (result.exitCode !== 0) throw gitError(result, url, commit);
  return parseGitLook(result.stdout);
}

function parseGitLook(text: string): GitLook {
  const [commit = '', ...rest] = text.split('\0');
  const end = rest.indexOf('');
  const names: string[] = [];
  let bytes = 0;
  for (const line of rest.slice(0, end)) {
    const found = /^(\d+) blob [0-9a-f]+ +(\d+)\t([\s\S]+)$/.exec(line);
    // 120000 is a link: git makes it as it is, and it may lead anywhere there.
    if (!found?.[3]) continue;
    names.push(found[3]);
    bytes += Number(found[2]);
  }
  const heads = new Map<string, string>();
  const pairs = rest.slice(end + 1);
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    heads.set(pairs[at] ?? '', Buffer.from(pairs[at + 1] ?? '', 'base64').toString('utf8'));
  }
  return { commit, look: { names, heads }, files: names.length, bytes };
}

/** Has the cluster check out a commit in a folder's tree. What the app itself made there stays. */
export async function checkOut(
  shell: Shell,
  directory: string,
  source: { url: string; commit: string },
  lines: string,
  signal?: AbortSignal,
): Promise<{ isNew: boolean }> {
  const script = `${preparation}
d=${quote(directory)}
[ -d "$d/tree/.git" ] || { rm -rf "$d/tree" "$d/manifest" && git init -q "$d/tree"; } || exit 3
cd "$d/tree" || exit 3
[ "$(git rev-parse -q --verify HEAD)" = ${source.commit} ] && git diff --quiet HEAD && exit 0
fetch_commit . ${quote(checkGitUrl(source.url))} ${source.commit} || exit 4
git rev-parse --verify -q ${source.commit}^{commit} >/dev/null || exit 5
git -c advice.detachedHead=false checkout -q -f ${source.commit} && printf new || exit 4
`;
  const result = await shell.run(within(lines, script), { signal, timeoutMs: 600_000 });
  if (result.exitCode !== 0) throw gitError(result, source.url, source.commit);
  return { isNew: result.stdout === 'new' };
}

function gitError(result: RunResult, url: string, commit: string): AppError {
  const detail = result.stderr.trim().slice(-2000);
  if (result.exitCode === 127) {
    return new AppError('command-missing', 'The cluster has no git.', {
      hint: 'Clone it here and choose the folder, or load a module that has git in the environment lines of the cluster.',
    });
  }
  if (result.exitCode === 5) {
    const sentence = commit
      ? message`${{ url }} has no commit ${{ commit }}.`
      : message`${{ url }} has no commit at its head.`;
    return new AppError('not-found', sentence, { detail });
  }
  const last = detail.split('\n').findLast((line) => line.trim() !== '') ?? `exit code ${result.exitCode}`;
  return new AppError('command-failed', message`The cluster could not clone ${{ url }}: ${{ reason: last }}`, {
    hint: 'Check the address, and that the cluster reaches it without a password.',
    detail,
  });
}
