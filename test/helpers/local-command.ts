import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex, type Writable } from 'node:stream';
import type { CommandEnd, CommandStream } from '../../electron/core/ssh/types.ts';
import { AppError } from '../../electron/shared/errors.ts';

/** A script of this machine's sh, as a connection's `openCommand` gives it. */
export class LocalCommand extends Duplex implements CommandStream {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<CommandEnd>;
  #said = '';

  constructor(
    script: string,
    env: Record<string, string> = {},
    { stderr, shell = ['/bin/sh'] }: { stderr?: Writable; shell?: string[] } = {},
  ) {
    super({ highWaterMark: 256 * 1024 });
    const [file = '', ...rest] = shell;
    const child = spawn(file, [...rest, '-c', script], { env: { PATH: process.env.PATH, ...env }, cwd: '/' });
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal }));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr?.write(chunk);
      this.#said = (this.#said + chunk.toString()).slice(-4096);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdout.on('end', () => this.push(null));
    child.stdin.on('error', (cause) => {
      const gone = () => this.destroy(new AppError('command-failed', 'The command took no more input.', { cause }));
      if (this.readableEnded) gone();
      else this.once('end', gone);
    });
  }

  get said(): string {
    return this.#said.trim();
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.child.stdin.write(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.child.stdin.destroy();
    this.child.stdout.destroy();
    done(error);
  }
}
