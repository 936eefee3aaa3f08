import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { RunOptions } from '../types.ts';
import { endedEarly, type RawResult } from './run.ts';
import { MarkedOutput, readTimes, wrapScript } from './run-protocol.ts';

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;

/** What a command asks of the shell that it runs in. */
interface ShellPort {
  readonly node: string;
  /** `done` runs when the bytes have left. */
  write(bytes: string | Uint8Array, done?: () => void): void;
}

export interface ShellCommandOptions extends Pick<RunOptions, 'stdin' | 'maxBytes'> {
  /** What the shell itself runs before. */
  first?: string;
}

/** One script in a standing shell, from its first byte until nothing holds its outputs any more. */
export class ShellCommand {
  readonly result: Promise<RawResult>;
  readonly #shell: ShellPort;
  readonly #stdin: Uint8Array | undefined;
  readonly #maxBytes: number;
  readonly #out: MarkedOutput;
  readonly #err: MarkedOutput;
  readonly #input: string;
  readonly #nonce = randomBytes(16).toString('hex');
  #isInputSent: boolean;
  #isInputGone: boolean;
  #isDecided = false;
  #resolve: (result: RawResult) => void = () => undefined;
  #reject: (error: AppError) => void = () => undefined;

  constructor(shell: ShellPort, script: string, { stdin, maxBytes, first }: ShellCommandOptions) {
    this.#shell = shell;
    this.#stdin = stdin;
    this.#isInputSent = stdin === undefined || stdin.byteLength === 0;
    this.#isInputGone = this.#isInputSent;
    this.#maxBytes = maxBytes ?? DEFAULT_MAX_BYTES;
    this.#out = new MarkedOutput(this.#nonce, this.#maxBytes);
    this.#err = new MarkedOutput(this.#nonce, this.#maxBytes);
    this.#input = wrapScript(script, this.#nonce, stdin ? stdin.byteLength : null, first);
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The result or the error is out. */
  get isDecided(): boolean {
    return this.#isDecided;
  }

  /** The script came to its end, and nothing of it can write or read any more. */
  get isOver(): boolean {
    return this.#isComplete && this.#out.isClosed && this.#err.isClosed && this.#isInputGone;
  }

  /** Of what the script waited for. */
  get cpuSeconds(): number {
    return readTimes(this.#out.after);
  }

  begin(): void {
    this.#shell.write(this.#input);
  }

  onOut(chunk: Buffer): void {
    this.#out.push(chunk);
    // Only now has sh stopped reading its own stdin ahead (dash reads in blocks), so the bytes reach the script whole.
    if (!this.#isInputSent && this.#out.begun) {
      this.#isInputSent = true;
      this.#shell.write(this.#stdin ?? new Uint8Array(), () => {
        this.#isInputGone = true;
      });
    }
    this.#check();
  }

  onErr(chunk: Buffer): void {
    this.#err.push(chunk);
    this.#check();
  }

  /** The shell is gone. `lost`: why the connection is, if it is. */
  onClose(exit: string | undefined, lost: AppError | null): void {
    this.fail(lost ?? endedEarly(this.#shell.node, this.#out, this.#err, exit));
  }

  fail(error: AppError): void {
    this.#isDecided = true;
    this.#reject(error);
  }

  get #isComplete(): boolean {
    return this.#out.exitCode !== null && this.#err.exitCode !== null;
  }

  #check(): void {
    if (this.#isDecided) return;
    const { exitCode } = this.#out;
    if (this.#out.tooMuch || this.#err.tooMuch) {
      this.fail(
        new AppError(
          'command-failed',
          message`A command on ${{ node: this.#shell.node }} printed more than ${{ maxBytes: this.#maxBytes }} bytes.`,
        ),
      );
    } else if (exitCode !== null && this.#isComplete) {
      this.#isDecided = true;
      this.#resolve({ stdout: this.#out.bytes, stderr: this.#err.bytes.toString('utf8'), exitCode });
    } else if (this.#isBrokenOff(this.#out) || this.#isBrokenOff(this.#err)) {
      this.fail(endedEarly(this.#shell.node, this.#out, this.#err, undefined));
    }
  }

  #isBrokenOff(output: MarkedOutput): boolean {
    return output.isClosed && output.exitCode === null;
  }
}
