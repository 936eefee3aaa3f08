import { EventEmitter } from 'node:events';
import type { Notice } from '../../shared/state.ts';

/** What the user should know, each once by its id. */
export class NoticeList {
  #notices: Notice[] = [];
  readonly #emitter = new EventEmitter<{ changed: [notices: Notice[]] }>();

  get all(): Notice[] {
    return this.#notices;
  }

  add(notice: Notice): void {
    this.#set([...this.#notices.filter(({ id }) => id !== notice.id), notice]);
  }

  remove(id: string): void {
    if (this.#notices.some((notice) => notice.id === id)) this.#set(this.#notices.filter((notice) => notice.id !== id));
  }

  onChange(listener: (notices: Notice[]) => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  #set(notices: Notice[]): void {
    this.#notices = notices;
    this.#emitter.emit('changed', notices);
  }
}
