import { spawn } from 'node:child_process';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Finding } from './types.ts';

const LIMIT_MS = 20_000;

interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** null: there is no such program here. The text goes in on stdin and is only read. */
function ask(program: string, args: readonly string[], text: string, signal?: AbortSignal): Promise<Said | null> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.timeout(LIMIT_MS);
    const child = spawn(program, args, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output.stderr += chunk;
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(null);
      else
        reject(new AppError('command-failed', message`${{ program }} could not check the script.`, { cause: error }));
    });
    child.on('close', (code) => resolve({ code, ...output }));
    child.stdin.on('error', () => {});
    child.stdin.end(text);
  });
}

/** `bash -n`: is it shell at all? It parses and runs nothing. Lines are those of the rendered script. */
export async function parseShell(file: string, script: string, signal?: AbortSignal): Promise<Finding[]> {
  const result = await ask('bash', ['--norc', '--noprofile', '-n', '-s'], script, signal);
  if (!result || result.code === 0) return [];
  const [first = ''] = result.stderr.split('\n');
  const match = /line (\d+): (.*)/.exec(first);
  return [
    {
      level: 'error',
      rule: 'syntax',
      file,
      line: match ? Number(match[1]) : null,
      message: `bash cannot read the script: ${match?.[2] ?? first}`,
      hint: 'Mend it; `tunel render` shows the whole script.',
    },
  ];
}

const commentsSchema = z.object({
  comments: z.array(z.object({ line: z.number(), level: z.string(), code: z.number(), message: z.string() })),
});

/** shellcheck's errors and warnings, where it is installed; null: it is not. */
export async function runShellcheck(file: string, script: string, signal?: AbortSignal): Promise<Finding[] | null> {
  const result = await ask('shellcheck', ['--shell=bash', '--format=json1', '--severity=warning', '-'], script, signal);
  if (!result) return null;
  const parsed = commentsSchema.safeParse(JSON.parse(result.stdout || '{"comments":[]}'));
  if (!parsed.success)
    throw new AppError('command-failed', 'shellcheck answered in another form than version 0.9 does.');
  return parsed.data.comments.map(({ line, level, code, message }) => ({
    level: level === 'error' ? 'error' : 'warning',
    rule: `SC${code}`,
    file,
    line,
    message,
    hint: `https://www.shellcheck.net/wiki/SC${code}`,
  }));
}
