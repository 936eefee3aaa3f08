import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { chooseFiles, readTreeList } from './tree-policy.ts';

/**
 * git on this machine, which only fetches and lists: no hook, no program of an address, no question, nothing checked out.
 * The user's own settings stay, since they hold proxies and credentials.
 */
const options = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'submodule.recurse=false'],
  ...['-c', 'protocol.allow=never'],
  ...['https', 'http', 'ssh', 'git', 'file'].flatMap((name) => ['-c', `protocol.${name}.allow=always`]),
];
const LIMIT_MS = 300_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

async function git(
  args: readonly string[],
  signal: AbortSignal,
  input = '',
): Promise<{ code: number; out: Buffer; stderr: string }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const child = spawn('git', [...options, ...args], {
    signal: limit,
    env: { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: 'true', SSH_ASKPASS: 'true' },
  });
  const out: Buffer[] = [];
  let size = 0;
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_OUTPUT) child.kill();
    else out.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', (cause: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(AppError.from(signal.reason));
      else if (cause.code === 'ENOENT') {
        reject(
          new AppError('command-missing', 'There is no git on this computer.', {
            hint: 'Install git, or clone the recipes yourself and add the folder in Settings.',
            cause,
          }),
        );
      } else reject(new AppError('command-failed', 'git did not come to its end.', { cause }));
    });
    child.on('close', (code) => resolve({ code: code ?? -1, out: Buffer.concat(out), stderr: stderr.trim() }));
  });
}

async function need(what: string, args: readonly string[], signal: AbortSignal, input?: string): Promise<Buffer> {
  const { code, out, stderr } = await git(args, signal, input);
  if (code === 0) return out;
  const last = stderr.split('\n').findLast((line) => line.trim() !== '') ?? `exit code ${code}`;
  throw new AppError('command-failed', message`${{ subject: what }}: ${{ reason: last }}`, {
    hint: 'Check the address and the branch, and that git can fetch it without asking for a password.',
    detail: stderr,
  });
}

interface Fetched {
  commit: string;
  files: number;
  bytes: number;
  /** Files that were left out, and why. */
  left: string[];
}

/**
 * Writes the files of one commit to `folder` (made 0700), through the bare repository `store`. Files are ours: 0600, or
 * 0700 where they may be run. @param ref empty: the repository's own default
 */
export async function fetchTree(
  url: string,
  ref: string,
  store: string,
  folder: string,
  signal: AbortSignal,
): Promise<Fetched> {
  const at = ['--git-dir', store];
  await need('A place for the repository', ['init', '-q', '--bare', '--template=', store], signal);
  const fetch = [...at, 'fetch', '-q', '--depth=1', '--no-tags', '--no-recurse-submodules', '--', url, ref || 'HEAD'];
  await need(`${url} could not be fetched`, fetch, signal);
  const commit = (await need('The commit', [...at, 'rev-parse', '--verify', 'FETCH_HEAD^{commit}'], signal))
    .toString()
    .trim();
  const listing = await need('The files', [...at, 'ls-tree', '-r', '-l', '-z', commit], signal);
  const { files, left } = chooseFiles(readTreeList(listing.toString('utf8')));
  const asked = files.map(({ hash }) => `${hash}\n`).join('');
  const contents = await need('The files', [...at, 'cat-file', '--batch'], signal, asked);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let offset = 0;
  for (const { path, bytes, hash, mode } of files) {
    const head = `${hash} blob ${bytes}\n`;
    if (contents.toString('latin1', offset, offset + head.length) !== head) {
      throw new AppError('command-failed', message`git gave something else for ${{ path }}.`);
    }
    const start = offset + head.length;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(target, contents.subarray(start, start + bytes), { flag: 'wx' });
    chmodSync(target, mode === '100755' ? 0o700 : 0o600);
    offset = start + bytes + 1;
  }
  return { commit, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), left };
}

const MAX_DIFF = 200_000;

/** A unified diff of two folders; empty: they are alike. */
export async function diffFolders(before: string, after: string, signal: AbortSignal): Promise<string> {
  const args = ['diff', '--no-index', '--no-color', '--no-ext-diff', '--no-textconv', '--', before, after];
  const { code, out, stderr } = await git(args, signal);
  if (code !== 0 && code !== 1)
    throw new AppError('command-failed', message`The changes could not be shown: ${{ stderr }}`);
  const text = out.toString('utf8').replaceAll(before, '').replaceAll(after, '');
  return text.length > MAX_DIFF ? `${text.slice(0, MAX_DIFF)}\n(the rest is left out)\n` : text;
}
