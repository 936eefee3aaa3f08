/** How many of these bytes make whole UTF-8 characters; what is missing of the last one comes with the next read. */
export function wholeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Bytes that begin in the middle of a character, to be left out. */
export function strayStart(bytes: Uint8Array): number {
  let count = 0;
  while (count < 3 && count < bytes.length && ((bytes[count] ?? 0) & 0xc0) === 0x80) count += 1;
  return count;
}

/** The end of a log as others may see it, and the bytes that it shows; null: not known. */
export interface LogEnd {
  tail: string;
  span: { offset: number; next: number } | null;
}

/** The part of a log that is kept here: for its reader while disconnected, and as evidence. */
export class LogTail {
  /** Byte offset in the log of what is kept, and the offset after it. */
  offset = 0;
  next = 0;
  #bytes = Buffer.alloc(0);
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes bytes in; returns the whole characters that are new, or null. */
  take(offset: number, bytes: Buffer): { offset: number; next: number; text: string } | null {
    const fresh = bytes.subarray(Math.max(0, this.next - offset));
    const start = Math.max(offset, this.next);
    if (offset > this.next) {
      this.#bytes = Buffer.alloc(0);
      this.offset = offset;
    }
    const whole = fresh.subarray(0, wholeLength(fresh));
    if (whole.length === 0) return null;
    this.next = start + whole.length;
    const joined = Buffer.concat([this.#bytes, whole]);
    const cut = Math.max(0, joined.length - this.#limit);
    this.#bytes = joined.subarray(cut);
    this.offset = this.next - this.#bytes.length;
    return { offset: start, next: this.next, text: whole.toString('utf8') };
  }

  /** A requeued job begins its log again. */
  restart(): void {
    this.offset = 0;
    this.next = 0;
    this.#bytes = Buffer.alloc(0);
  }

  text(maxBytes = this.#limit): string {
    const part = this.#bytes.subarray(Math.max(0, this.#bytes.length - maxBytes));
    return part.subarray(strayStart(part)).toString('utf8');
  }
}

export const MASK = '••••••';
/** A word of a few letters is in any log by chance. */
const SHORTEST_SECRET = 6;
/** From so many characters on a part of a secret is one. */
const SHORTEST_PART = 4;

/** A secret is taken out whole. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (left, secret) => (secret.length < SHORTEST_SECRET ? left : left.replaceAll(secret, MASK)),
    text,
  );
}

/**
 * Of a text whose beginning and end were cut somewhere. `held`: the characters at its end with which a secret may begin that
 * goes on in what follows; `text` is without them, and without the rest of a secret whose beginning was cut off. `isContinued`:
 * what is held comes again with what follows, so that a single character is held too.
 */
export function partWithoutSecrets(
  text: string,
  secrets: readonly string[],
  { isContinued = false } = {},
): { text: string; held: string } {
  const masked = withoutSecrets(text, secrets);
  const rest = longestPart(secrets, SHORTEST_PART, (secret, length) => masked.startsWith(secret.slice(-length)));
  const begun = longestPart(secrets, isContinued ? 1 : SHORTEST_PART, (secret, length) =>
    masked.endsWith(secret.slice(0, length)),
  );
  const shown = masked.slice(0, masked.length - begun);
  return {
    text: rest === 0 ? shown : `${MASK}${shown.slice(rest)}`,
    held: masked.slice(masked.length - begun),
  };
}

function longestPart(
  secrets: readonly string[],
  shortest: number,
  isThere: (secret: string, length: number) => boolean,
): number {
  let longest = 0;
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    for (let length = secret.length - 1; length >= shortest && length > longest; length -= 1) {
      if (isThere(secret, length)) longest = length;
    }
  }
  return longest;
}
