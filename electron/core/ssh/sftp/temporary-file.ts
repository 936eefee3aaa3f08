import { randomBytes } from 'node:crypto';
import type { SFTPWrapper } from 'ssh2';

/** A file beside its target, until it is removed or gets the target's name. */
export class TemporaryFile {
  readonly path: string;
  /** It was removed or renamed. */
  isGone = false;
  #writerEnded: Promise<void> | null = null;

  constructor(target: string) {
    this.path = `${target}.tunel-${randomBytes(6).toString('hex')}`;
  }

  /** It may be there from now on. Until its writer has ended, the server may still make it for somebody who no longer waits. */
  begin(writerEnded: Promise<void>): void {
    this.#writerEnded = writerEnded;
  }

  /** Calls back if it may have stayed, once its writer has ended. */
  whenLeft(remove: () => unknown): void {
    void this.#writerEnded?.then(() => this.isGone || remove());
  }
}

/** Resolves when the channel is closed. */
export function closeOf(sftp: SFTPWrapper): Promise<void> {
  return new Promise((resolve) => sftp.once('close', () => resolve()));
}
