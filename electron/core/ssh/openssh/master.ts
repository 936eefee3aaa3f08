import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { MasterFolder } from './master-folder.ts';
import { SUPERVISOR_SCRIPT } from './scripts.ts';
import { SshLog } from './ssh-log.ts';

const KEPT = 8192;
/** From TERM to KILL. */
const END_MS = 2000;

interface MasterOptions {
  folder: MasterFolder;
  program: string;
  arguments: readonly string[];
  config: string;
}

/** An ssh process that holds one connection for others, with all that it starts. */
export class Master {
  readonly folder: MasterFolder;
  /** Resolves with the exit code when ssh has ended; never rejects. */
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #log = new SshLog();
  #said = '';
  #unread = '';
  #isEnding: Promise<void> | null = null;

  static async start(options: MasterOptions): Promise<Master> {
    try {
      await writeFile(options.folder.configFile, options.config, { mode: 0o600 });
    } catch (error) {
      await options.folder.remove();
      throw error;
    }
    return new Master(options);
  }

  private constructor({ folder, program, arguments: parameters }: MasterOptions) {
    this.folder = folder;
    const { SSH_ASKPASS_PROMPT: _none, ...environment } = process.env;
    this.#process = spawn('/bin/sh', ['-c', SUPERVISOR_SCRIPT, folder.path, program, ...parameters], {
      // A process group of its own, without a terminal where ssh could ask instead.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...environment, SSH_ASKPASS: folder.askProgram, SSH_ASKPASS_REQUIRE: 'force' },
    });
    this.#process.stdin?.on('error', () => undefined);
    this.#process.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      const text = this.#log.read(chunk);
      this.#said = (this.#said + text).slice(-KEPT);
      this.#unread = (this.#unread + text).slice(-KEPT);
    });
    this.ended = new Promise((resolve) => {
      this.#process.on('error', () => resolve(null));
      this.#process.once('exit', (code) => resolve(code));
    });
  }

  /** The last that ssh printed. */
  get said(): string {
    return this.#said;
  }

  /** As `SshLog.acceptedKeys`. */
  get acceptedKeys(): readonly string[] {
    return this.#log.acceptedKeys;
  }

  /** What ssh printed since this was asked last. */
  takeSaid(): string {
    const text = this.#unread;
    this.#unread = '';
    return text.trim();
  }

  /** Ends the process and what it started, and removes its files; resolves when both are gone. */
  close(): Promise<void> {
    this.#isEnding ??= this.#end();
    return this.#isEnding;
  }

  async #end(): Promise<void> {
    this.#signal('SIGTERM');
    const timer = setTimeout(() => this.#signal('SIGKILL'), END_MS);
    await this.ended;
    clearTimeout(timer);
    // What the group still holds, such as a ProxyCommand that does not heed TERM.
    this.#signal('SIGKILL');
    this.#process.stderr?.destroy();
    // What stays of it holds no secrets, and must not end anything else.
    await this.folder.remove().catch(() => undefined);
  }

  #signal(name: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // The group is gone.
    }
  }
}

/** Thrown where there is no such transport. */
export function noOpenSshHere(name: string): AppError {
  return new AppError(
    'auth-unsupported',
    message`${{ name }} is set to connect with OpenSSH, which works on Linux and macOS only.`,
    {
      hint: 'Choose the built-in SSH in the settings of this cluster.',
    },
  );
}
