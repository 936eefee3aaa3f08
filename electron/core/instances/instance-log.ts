import { LogTail, strayStart, withoutSecrets } from './log-text.ts';
import type { LogPart } from './types.ts';

const READ_RECENTLY = 15_000;
const KEPT = 64 * 1024;

/** The log of one instance as it is kept here, who looks at it, and what none of them shall see in it. */
export class InstanceLog {
  readonly tail = new LogTail(KEPT);
  readonly #secrets: () => readonly string[];
  #typed: readonly string[] = [];
  #readAt = 0;
  #followers = 0;

  /** `secrets`: those of the app itself, which come to be known one by one. */
  constructor(secrets: () => readonly string[]) {
    this.#secrets = secrets;
  }

  /** Values of the form's secret fields, which a log shall not show. */
  hide(values: readonly string[]): void {
    this.#typed = values;
  }

  /** A part of the log as others may see it. */
  shown(text: string): string {
    return withoutSecrets(text, [...this.#typed, ...this.#secrets()]);
  }

  /** The last of what is kept, at most so many bytes, as others may see it. */
  shownTail(maxBytes?: number): string {
    return this.shown(this.tail.text(maxBytes));
  }

  /** Someone shows it at this time: news come for a while. */
  noteReader(now: number): void {
    this.#readAt = now;
  }

  /** Someone follows it until the returned function is called. */
  follow(): () => void {
    this.#followers += 1;
    let followed = true;
    return () => {
      if (followed) this.#followers -= 1;
      followed = false;
    };
  }

  isRead(now: number): boolean {
    return this.#followers > 0 || now - this.#readAt < READ_RECENTLY;
  }

  /** What is kept of it when its cluster cannot be asked; `otherwise`: what another run of this program kept. */
  keptPart(offset: number, otherwise: string): LogPart {
    const text = this.tail.text() || otherwise;
    const bytes = Buffer.from(text, 'utf8');
    const begin = this.tail.next > 0 ? this.tail.next - bytes.length : 0;
    const size = begin + bytes.length;
    const wanted = offset < 0 ? size + offset : offset;
    const from = Math.min(size, Math.max(begin, wanted));
    const part = bytes.subarray(from - begin);
    const stray = from > begin ? strayStart(part) : 0;
    return { text: this.shown(part.subarray(stray).toString('utf8')), offset: from + stray, next: size, size };
  }
}
