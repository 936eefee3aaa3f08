import { type LogEnd, LogTail, MASK, partWithoutSecrets, strayStart, withoutSecrets } from './log-text.ts';
import type { LogPart } from './types.ts';

const READ_RECENTLY = 15_000;
const KEPT = 64 * 1024;

/** The log of one instance as it is kept here, who looks at it, and what none of them shall see in it. */
export class InstanceLog {
  readonly tail = new LogTail(KEPT);
  readonly #secrets: () => readonly string[];
  #typed: readonly string[] = [];
  #unshown = { offset: 0, text: '' };
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

  /**
   * Bytes from an offset on as others may see them. What may be the beginning of a secret comes with the next ones, of which
   * there are none where the log ends: `isEnd`.
   */
  shownPart(offset: number, text: string, isEnd = false): { text: string; offset: number; next: number } {
    // At the beginning of the log nothing was cut off.
    const part =
      offset === 0 ? this.#begin(text, isEnd) : partWithoutSecrets(text, this.#hidden, { isContinued: !isEnd });
    if (isEnd)
      return {
        text: part.held === '' ? part.text : `${part.text}${MASK}`,
        offset,
        next: offset + Buffer.byteLength(text),
      };
    const bytes = Buffer.byteLength(text) - Buffer.byteLength(part.held);
    return { text: part.text, offset, next: offset + bytes };
  }

  /** What is new in it, as others may see it; null: nothing that may be shown yet. */
  shownNews(fresh: { offset: number; text: string }): { text: string; offset: number; next: number } | null {
    const before = this.#unshown;
    const isNext = before.offset + Buffer.byteLength(before.text) === fresh.offset;
    const text = isNext ? before.text + fresh.text : fresh.text;
    const part = this.shownPart(isNext ? before.offset : fresh.offset, text);
    const shownBytes = part.next - part.offset;
    this.#unshown = { offset: part.next, text: Buffer.from(text).subarray(shownBytes).toString('utf8') };
    return shownBytes === 0 ? null : part;
  }

  /** The last of what is kept, at most so many bytes, as others may see it. */
  shownTail(maxBytes?: number): string {
    return partWithoutSecrets(this.tail.text(maxBytes), this.#hidden).text;
  }

  #begin(text: string, isEnd: boolean): { text: string; held: string } {
    const { held } = partWithoutSecrets(text, this.#hidden, { isContinued: !isEnd });
    const whole = withoutSecrets(text, this.#hidden);
    return { text: whole.slice(0, whole.length - held.length), held };
  }

  get #hidden(): readonly string[] {
    return [...this.#typed, ...this.#secrets()];
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

  /** As `shownTail`, with the bytes of the log that it shows. */
  shownEnd(maxBytes: number): LogEnd {
    const text = this.tail.text(maxBytes);
    const { next } = this.tail;
    return {
      tail: partWithoutSecrets(text, this.#hidden).text,
      span: { offset: next - Buffer.byteLength(text), next },
    };
  }

  /** What is kept of it when its cluster cannot be asked; `saved`: what another run of this program kept. */
  keptPart(offset: number, saved: LogEnd): LogPart {
    const text = this.tail.text();
    if (text === '') return partOfSaved(saved, offset);
    const { next } = this.tail;
    const part = partFrom(Buffer.from(text), next - Buffer.byteLength(text), next, offset);
    return { ...part, text: partWithoutSecrets(part.text, this.#hidden).text };
  }
}

/** Of bytes that are those from `begin` to `size` of a log: what follows an offset. */
function partFrom(bytes: Buffer, begin: number, size: number, offset: number): LogPart {
  // Whoever has read further than what is kept here gets no text again.
  if (offset > size) return { text: '', offset, next: offset, size };
  const from = Math.max(begin, offset < 0 ? size + offset : offset);
  const part = bytes.subarray(from - begin);
  const stray = from > begin ? strayStart(part) : 0;
  return { text: part.subarray(stray).toString('utf8'), offset: from + stray, next: size, size };
}

/**
 * Text whose place in the log is not known byte by byte, as in rows of older versions and where secrets are hidden, goes
 * whole to a reader that has nothing of it. Another one waits for the cluster, so that nothing is shown twice or left out.
 */
function partOfSaved({ tail, span }: LogEnd, offset: number): LogPart {
  const bytes = Buffer.from(tail);
  const begin = span?.offset ?? 0;
  const size = span?.next ?? bytes.length;
  if (span !== null && size - begin === bytes.length) return partFrom(bytes, begin, size, offset);
  if (offset > begin) return { text: '', offset, next: offset, size: Math.max(size, offset) };
  return offset < 0 ? lastOf(bytes, begin, size, offset) : { text: tail, offset: begin, next: size, size };
}

/** At most so many bytes of such text; they are counted from its end. */
function lastOf(bytes: Buffer, begin: number, size: number, offset: number): LogPart {
  const from = Math.max(0, bytes.length + offset);
  const part = bytes.subarray(from);
  const text = part.subarray(strayStart(part)).toString('utf8');
  return { text, offset: from === 0 ? begin : Math.max(begin, size - Buffer.byteLength(text)), next: size, size };
}
