import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { appOrigin } from '../security/app-origin.ts';

/** Web contents of our own windows. One that is destroyed forgets itself. */
export class TrustedSenders {
  readonly #contents = new Set<WebContents>();

  add(contents: WebContents): void {
    this.#contents.add(contents);
    contents.once('destroyed', () => this.#contents.delete(contents));
  }

  /** Only the main frame of a window of ours, and only while our own page is in it. */
  trusts(event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>): boolean {
    const { sender, senderFrame } = event;
    return (
      this.#contents.has(sender) &&
      senderFrame !== null &&
      senderFrame.parent === null &&
      new URL(senderFrame.url).href.startsWith(`${appOrigin}/`)
    );
  }

  send(channel: string, ...args: unknown[]): void {
    for (const contents of this.#contents) if (!contents.isDestroyed()) contents.send(channel, ...args);
  }
}
