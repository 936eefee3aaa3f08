import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { clusterInputSchema, type SshConfigHost } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { systemCode } from '../dial/connect-errors.ts';
import type { SshConfig } from '../types.ts';
import { type AskSsh, HostResolver } from './host-resolver.ts';
import { hostAliases, isConfigured, parseLine, parseSshG, type SshOptions } from './ssh-config-policy.ts';

/** OpenSSH's own limit (READCONF_MAX_DEPTH). */
const MAX_DEPTH = 16;
const TIMEOUT_MS = 10_000;

interface SshConfigOptions {
  /** Default ~/.ssh/config. */
  file?: string;
}

/** A name that no configuration can mean. */
const NOBODY = 'host-that-no-configuration-names.invalid';

/** Reads the user's ssh configuration: names by itself, everything else by asking `ssh -G`. */
export function createSshConfig(options: SshConfigOptions = {}): SshConfig {
  const file = options.file ?? join(homedir(), '.ssh', 'config');
  // ssh takes the home directory from the account, not from $HOME: where they differ it would read another file than we.
  // Asked each time: the file may be written while this process runs.
  const isNamed = () => options.file !== undefined || (homedir() !== userInfo().homedir && existsSync(file));
  const ask: AskSsh = (alias, more = []) => sshG(alias, [...(isNamed() ? ['-F', file] : []), ...more]);
  const hosts = async () => {
    const found = new Map<string, SshConfigHost>();
    await collect(file, found, 0);
    return [...found.values()];
  };

  return {
    hosts,
    async resolve(alias) {
      if (!alias || alias.startsWith('-') || /\s/.test(alias)) {
        throw new AppError('bad-input', message`"${{ alias }}" is not a host name.`);
      }
      const [resolved, usual] = await Promise.all([ask(alias), ask(NOBODY)]);
      if (!isConfigured(resolved, usual) && !(await hosts()).some((host) => host.alias === alias)) {
        throw new AppError('not-found', message`${{ file }} has no host ${{ alias }}.`, {
          hint: message`Check the spelling, or add it by its address: tunel clusters add ${{ alias }} user@host`,
        });
      }
      const resolver = new HostResolver(file, ask, usual);
      const { input, notes } = await resolver.resolve(alias, resolved);
      const parsed = clusterInputSchema.safeParse({ name: alias, ...input });
      if (parsed.success) return { input: parsed.data, unsupported: notes };
      const issue = parsed.error.issues[0];
      throw new AppError(
        'bad-input',
        message`${{ alias }} cannot be taken over: ${{ field: issue?.path.join('.') ?? '' }}: ${{ problem: issue?.message ?? '' }}`,
        { hint: 'Add this cluster by hand.' },
      );
    },
  };
}

/** Names of one file and of those it includes, in order; a file that is missing has none. */
async function collect(file: string, found: Map<string, SshConfigHost>, depth: number): Promise<void> {
  if (depth > MAX_DEPTH) return;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return;
    throw new AppError('storage', message`${{ file }} cannot be read: ${code || String(error)}.`, {
      hint: message`Make it readable for you: chmod u+r '${{ file }}'`,
      cause: error,
    });
  }
  for (const line of text.split('\n')) {
    const parsed = parseLine(line);
    if (parsed?.keyword === 'host') {
      for (const alias of hostAliases(parsed.values)) if (!found.has(alias)) found.set(alias, { alias, file });
    } else if (parsed?.keyword === 'include') {
      for (const pattern of parsed.values) {
        for (const included of await expand(pattern, file)) await collect(included, found, depth + 1);
      }
    }
  }
}

/** Files that an Include names: relative to ~/.ssh (beside the file in a test), globs in any part. */
async function expand(pattern: string, from: string): Promise<string[]> {
  const home = pattern.startsWith('~/') ? join(homedir(), pattern.slice(2)) : pattern;
  const path = isAbsolute(home) ? home : join(dirname(from), home);
  return globFiles(path);
}

async function globFiles(path: string): Promise<string[]> {
  if (!/[*?[]/.test(path)) return [path];
  const folders = /[*?[]/.test(dirname(path)) ? await globFiles(dirname(path)) : [dirname(path)];
  const name = new RegExp(
    `^${basename(path)
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  );
  const found: string[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    found.push(
      ...names
        .filter((entry) => name.test(entry) && !entry.startsWith('.'))
        .sort()
        .map((entry) => join(folder, entry)),
    );
  }
  return found;
}

function sshG(alias: string, options: string[]): Promise<SshOptions> {
  return new Promise((resolve, reject) => {
    execFile('ssh', [...options, '-G', '--', alias], { timeout: TIMEOUT_MS, maxBuffer: 4 << 20 }, (error, out, err) => {
      if (!error) {
        resolve(parseSshG(out));
      } else if (systemCode(error) === 'ENOENT') {
        reject(
          new AppError(
            'command-missing',
            'The hosts of ~/.ssh/config cannot be taken over: there is no ssh program here.',
            {
              hint: 'Install OpenSSH (package openssh-client), or add the cluster by hand.',
              cause: error,
            },
          ),
        );
      } else {
        reject(
          new AppError('bad-input', message`ssh cannot make sense of its configuration for ${{ alias }}.`, {
            hint: message`Run it in a terminal to see why: ssh -G ${{ alias }}`,
            detail: err.trim().slice(0, 2000),
            cause: error,
          }),
        );
      }
    });
  });
}
