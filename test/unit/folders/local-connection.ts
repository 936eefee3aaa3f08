import { spawn } from 'node:child_process';
import type { Connection, RunOptions, RunResult } from '../../../electron/core/ssh/types.ts';
import { LocalCommand } from '../../helpers/local-command.ts';

/** This machine's own sh in place of a cluster's. */
export const localConnection: Pick<Connection, 'run' | 'openCommand'> = {
  run: (script: string, options: RunOptions = {}) =>
    new Promise<RunResult>((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', script], { cwd: '/', signal: options.signal });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), exitCode: code ?? 1 });
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.stdin ?? '');
    }),
  openCommand: async (script) => new LocalCommand(script),
};
