import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../../electron/core/ssh/types.ts';

/** The shells that /bin/sh is somewhere. */
export const shells = {
  dash: ['dash', '-s'],
  bash: ['bash', '--posix', '-s'],
  busybox: ['busybox', 'sh', '-s'],
} as const;
export type ShellName = keyof typeof shells;

/** A login node without a scheduler: a real shell, with programs that print what a scheduler's would. */
export class StubNode {
  readonly root = mkdtempSync(join(tmpdir(), 'tunel-stub-'));
  readonly home = join(this.root, 'home');
  readonly shell: Shell;

  constructor(name: ShellName = 'dash', variables: Readonly<Record<string, string>> = {}) {
    mkdirSync(join(this.root, 'bin'));
    mkdirSync(this.home);
    const [command, ...args] = shells[name];
    const env = { PATH: `${join(this.root, 'bin')}:/usr/bin:/bin`, HOME: this.home, ...variables };
    this.shell = {
      run: (script) =>
        new Promise((resolve, reject) => {
          const child = spawn(command, args, { env, stdio: 'pipe' });
          let stdout = '';
          let stderr = '';
          child.stdout.on('data', (chunk: Buffer) => {
            stdout += chunk.toString();
          });
          child.stderr.on('data', (chunk: Buffer) => {
            stderr += chunk.toString();
          });
          child.on('error', reject);
          child.on('close', (code) => resolve({ stdout, stderr, exitCode: code ?? -1 }));
          child.stdin.end(script);
        }),
    };
  }

  /** A program of that name; every call is noted. */
  program(name: string, body: string): void {
    const file = join(this.root, 'bin', name);
    // One write a call, as several may run at the same time.
    const note = `line=${name}; for word; do line="$line [$word]"; done; printf '%s\\n' "$line" >>'${this.root}/calls'`;
    writeFileSync(file, `#!/bin/sh\n${note}\n${body}\n`);
    chmodSync(file, 0o755);
  }

  calls(name: string): string[] {
    const file = join(this.root, 'calls');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line === name || line.startsWith(`${name} `));
  }

  /** The directory of an instance, with what its job left there. */
  directory(name: string, files: Readonly<Record<string, string>> = {}): string {
    const directory = join(this.home, name);
    mkdirSync(directory, { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content, { mode: 0o700 });
    return directory;
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}

/** Shell text that prints exactly this. */
export const prints = (text: string): string => `cat <<'EOF_PRINTS'\n${text}\nEOF_PRINTS\n`;
