import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex, type Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/**
 * An exec channel whose other end is a process of this computer instead of sshd's: bytes, signals to the process group, and
 * its end behave as over SSH.
 */
export class LocalChannel extends Duplex {
  readonly stderr: Readable;
  readonly process: ChildProcessWithoutNullStreams;
  readonly stdin = this;
  readonly stdout = this;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    super({ allowHalfOpen: true, autoDestroy: false });
    this.process = spawn(command, args, { detached: true, env });
    this.stderr = this.process.stderr;
    this.process.stdout.on('data', (chunk) => this.push(chunk));
    this.process.stdout.on('end', () => this.push(null));
    this.process.stdin.on('error', () => undefined);
    this.process.on('exit', (code, name) => this.emit('exit', code, name?.replace('SIG', '')));
    this.process.on('close', () => this.emit('close'));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.process.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.process.stdin.end(done);
  }

  signal(name: string): void {
    try {
      if (this.process.pid) process.kill(-this.process.pid, `SIG${name}`);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }

  close(): void {
    this.process.stdin.end();
    this.process.stdout.destroy();
    this.process.stderr.destroy();
  }

  /** For code that takes the channel of a session. */
  get asChannel(): ClientChannel {
    // biome-ignore lint/suspicious/noExplicitAny: ssh2's class has private parts that nothing here uses.
    return this as any;
  }
}
