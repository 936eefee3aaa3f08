import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { candidatesFor } from '../../../cli/completion/candidates.ts';
import type { LiveValues } from '../../../cli/completion/live-values.ts';
import { type CompletedShell, completionScripts } from '../../../cli/completion/shell-scripts.ts';
import { createProgram } from '../../../cli/program.ts';

const choice = (value: string) => ({ value, description: `what ${value} is` });
const values: LiveValues = {
  cluster: [choice('hpc'), choice('hpc-test'), choice('demo')],
  app: [choice('abcdef'), choice('abczzz')],
  recipe: [choice('jupyter'), choice('slurm/socket/jupyter')],
  preset: [choice('big memory')],
  token: [choice('nightly')],
  folder: [choice('my-app')],
  source: [choice('recipes')],
  job: [choice('jklmno')],
  alias: [choice('gate')],
  tunnel: [choice('tuvwxy')],
  notice: [choice('keychain')],
  transfer: [choice('9f86')],
  setting: [choice('theme')],
};
const program = createProgram();
const words = (line: string) => candidatesFor(program, line.split(' '), values).choices.map(({ value }) => value);
const files = (line: string) => candidatesFor(program, line.split(' '), values).files;

describe('the words that can follow', () => {
  test('are commands and their subcommands', () => {
    expect(words('clu')).toEqual(['clusters']);
    expect(words('clusters tr')).toEqual(['trust-key']);
    expect(words('')).toContain('run-app');
    expect(words('nothing ')).toEqual([]);
  });

  test('are clusters, apps, recipes and what else is known now, by the names that the declarations use', () => {
    expect(words('run-app hp')).toEqual(['hpc', 'hpc-test']);
    expect(words('run-app hpc ')).toEqual(['jupyter', 'slurm/socket/jupyter']);
    expect(words('logs -f abc')).toEqual(['abcdef', 'abczzz']);
    expect(words('jobs get jk')).toEqual(['jklmno']);
    expect(words('clusters test d')).toEqual(['demo']);
    expect(words('presets remove jupyter ')).toEqual(['big memory']);
    expect(words('token revoke ')).toEqual(['nightly']);
    expect(words('folder sync my-app d')).toEqual(['demo']);
    expect(words('source update ')).toEqual(['recipes']);
    expect(words('clusters import ')).toEqual(['gate']);
    expect(words('tunnels close ')).toEqual(['tuvwxy']);
    expect(words('settings set ')).toEqual(['theme']);
    expect(words('transfers pause ')).toEqual(['9f86']);
    expect(words('completion ')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('are options, and the values of an option in both spellings', () => {
    expect(words('logs --f')).toEqual(['--follow']);
    expect(words('shell --app abcd')).toEqual(['abcdef']);
    expect(words('shell --app=abcd')).toEqual(['--app=abcdef']);
    // The value of an option is no argument.
    expect(words('run-app --queue gpu hpc ju')).toEqual(['jupyter']);
    expect(words('run-app --queue=gpu hpc ju')).toEqual(['jupyter']);
    expect(words('history --limit ')).toEqual([]);
  });

  test('are files where a file is meant, and nothing after what is not tunel’s', () => {
    expect(files('clusters add a b --key ')).toBe(true);
    expect(files('run-slurm hpc ./jo')).toBe(true);
    expect(files('run-app hpc ')).toBe(false);
    expect(words('exec -- hp')).toEqual([]);
  });

  test('name every cluster of a declaration', () => {
    const unknown = /<name>/;
    const own = new Set(['clusters add', 'token create', 'new', 'jobs create', 'jobs get', 'jobs put']);
    const lines = (command: typeof program, path: string): string[] => [
      ...(own.has(path)
        ? []
        : [command.usage(), ...command.options.map(({ flags }) => flags)]
            .filter((text) => unknown.test(text) && /cluster|app|recipe|token/.test(text))
            .map((text) => `${path}: ${text}`)),
      ...command.commands.flatMap((below) => lines(below, `${path} ${below.name()}`.trim())),
    ];
    expect(lines(program, '')).toEqual([]);
  });
});

/** Set-up installs every shell on Debian; elsewhere those that are there are tested. */
const isExpected = (shell: string) => process.platform === 'linux' || spawnSync(shell, ['-c', ':']).status === 0;

describe('the scripts, in the shells themselves', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunel-completion-'));
    // Answers as `tunel complete` does, and keeps the words that it was asked with.
    const stub = [
      '#!/bin/sh',
      `printf '<%s>' "$@" >"${folder}/asked"`,
      `printf 'big memory\\tof jupyter\\nhpc:1\\tada@hpc\\n:files\\n'`,
    ];
    writeFileSync(join(folder, 'tunel'), stub.join('\n'));
    chmodSync(join(folder, 'tunel'), 0o755);
    for (const [shell, script] of Object.entries(completionScripts)) writeFileSync(join(folder, shell), script);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (shell: CompletedShell, args: readonly string[]) =>
    execFileSync(shell, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: folder, PATH: `${folder}${delimiter}${process.env.PATH}` },
    });
  const asked = () => readFileSync(join(folder, 'asked'), 'utf8');

  test('bash asks with the words so far and takes values with spaces', () => {
    const line = `source ./bash; compopt() { echo "compopt $*"; }
COMP_WORDS=(tunel run-app 'my hpc' x y); COMP_CWORD=3; _tunel; printf '%s\n' "\${COMPREPLY[@]}"`;
    expect(run('bash', ['--norc', '-c', line])).toBe('compopt -o default\nbig\\ memory\nhpc:1\n');
    expect(asked()).toBe('<complete><--><run-app><my hpc><x>');
  });

  test.runIf(isExpected('zsh'))('zsh describes each value, and lists files', () => {
    const line = `compdef() { }; _describe() { print -rl -- "\${(@P)4}" }; _files() { print files }
source ./zsh; words=(tunel logs ab); CURRENT=3; _tunel`;
    expect(run('zsh', ['-f', '-c', line])).toBe('big memory:of jupyter\nhpc\\:1:ada@hpc\nfiles\n');
    expect(asked()).toBe('<complete><--><logs><ab>');
  });

  test.runIf(isExpected('fish'))('fish completes as at its prompt', () => {
    const found = run('fish', ['--no-config', '-c', 'source ./fish; complete -C "tunel run-app hp"']);
    expect(found).toContain('hpc:1\tada@hpc');
    expect(asked()).toBe('<complete><--><run-app><hp>');
  });
});
