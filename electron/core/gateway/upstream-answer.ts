import { findHead, RefusedAnswer, readHead, readTrailer, type UpstreamHead, writeHead } from './upstream-head.ts';

/** Chromium's own limit of a head, bytes. */
export const MAX_HEAD = 256 * 1024;
/** A line between chunks, bytes. */
const MAX_LINE = 16 * 1024;
const LF = 0x0a;
const CRLF = Buffer.from('\r\n');
const LAST_CHUNK = Buffer.from('0\r\n');

type State =
  | { at: 'head' }
  | { at: 'length'; left: number }
  | { at: 'chunk-size' }
  | { at: 'chunk-data'; left: number }
  | { at: 'chunk-end' }
  | { at: 'trailer'; lines: string[] }
  /** Until the connection ends; or, after a 101, for as long as it lasts. */
  | { at: 'rest' }
  | { at: 'done' };

/**
 * Turns the bytes of one answer, in whatever HTTP/1 a browser reads, into strict HTTP/1.1. What it decides is in
 * docs/adr/0023. Interim answers (1xx) belong to the answer that follows.
 */
export class UpstreamAnswer {
  #state: State = { at: 'head' };
  /** The begin of something that is not whole yet. */
  #kept: Buffer = Buffer.alloc(0);
  #closes = false;
  #hasRest = false;

  constructor(private readonly method: string) {}

  /** Whether the channel can carry another answer: this one is whole, and nothing came after it. */
  get isReusable(): boolean {
    return this.#state.at === 'done' && !this.#closes && !this.#hasRest;
  }

  /** Adds to `out` what can be passed on. @throws RefusedAnswer; the answer is unusable from there on */
  push(bytes: Buffer, out: Buffer[]): void {
    let input = this.#kept.length > 0 ? Buffer.concat([this.#kept, bytes]) : bytes;
    this.#kept = input.subarray(0, 0);
    while (input.length > 0) {
      const used = this.#step(input, out);
      if (used === 0) {
        this.#kept = input;
        break;
      }
      input = input.subarray(used);
    }
  }

  /** The app has ended the connection. What is missing then shows to whoever reads the result. */
  end(): Buffer[] {
    if (this.#state.at !== 'trailer') return [];
    // The last chunk came, and only the empty line after it is missing.
    const trailer = this.#trailer(this.#state.lines);
    this.#state = { at: 'done' };
    this.#closes = true;
    return [trailer];
  }

  /** @returns how many bytes are done with; 0: more are needed */
  #step(input: Buffer, out: Buffer[]): number {
    const state = this.#state;
    switch (state.at) {
      case 'head':
        return this.#head(input, out);
      case 'length':
      case 'chunk-data':
        return this.#data(state, input, out);
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.#line(state, input, out);
      case 'rest':
        out.push(input);
        return input.length;
      case 'done':
        this.#hasRest = true;
        return input.length;
    }
  }

  #head(input: Buffer, out: Buffer[]): number {
    const found = findHead(input);
    if ((found?.end ?? input.length) > MAX_HEAD)
      throw new RefusedAnswer(`The headers of its answer are longer than ${MAX_HEAD / 1024} KB.`);
    if (!found) return 0;
    const head = readHead(input.toString('latin1', found.start, found.end), this.method);
    this.#closes ||= head.closes;
    this.#state = stateAfter(head);
    out.push(Buffer.from(writeHead(head), 'latin1'));
    return found.end;
  }

  #data(state: { at: 'length' | 'chunk-data'; left: number }, input: Buffer, out: Buffer[]): number {
    const part = input.length > state.left ? input.subarray(0, state.left) : input;
    out.push(part);
    state.left -= part.length;
    if (state.left === 0) this.#state = { at: state.at === 'length' ? 'done' : 'chunk-end' };
    return part.length;
  }

  #line(state: Extract<State, { at: 'chunk-size' | 'chunk-end' | 'trailer' }>, input: Buffer, out: Buffer[]): number {
    const end = input.indexOf(LF);
    if ((end < 0 ? input.length : end) > MAX_LINE) throw new RefusedAnswer('A line between its chunks is too long.');
    if (end < 0) return 0;
    const line = input.toString('latin1', 0, end).replace(/\r$/, '');
    if (state.at === 'chunk-size') this.#chunkSize(line, out);
    else if (state.at === 'trailer') this.#trailerLine(state.lines, line, out);
    else if (line !== '') throw new RefusedAnswer('A chunk of its answer is longer than it says.');
    else {
      out.push(CRLF);
      this.#state = { at: 'chunk-size' };
    }
    return end + 1;
  }

  #chunkSize(line: string, out: Buffer[]): void {
    const text = (line.split(';', 1)[0] ?? '').trimEnd().replace(/^0+(?=.)/, '');
    const size = /^[0-9a-f]{1,13}$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN;
    if (Number.isNaN(size)) throw new RefusedAnswer('A chunk of its answer does not begin with its size.');
    out.push(size === 0 ? LAST_CHUNK : Buffer.from(`${size.toString(16)}\r\n`));
    this.#state = size === 0 ? { at: 'trailer', lines: [] } : { at: 'chunk-data', left: size };
  }

  #trailerLine(lines: string[], line: string, out: Buffer[]): void {
    if (line === '') {
      out.push(this.#trailer(lines));
      this.#state = { at: 'done' };
      return;
    }
    lines.push(line);
    if (lines.reduce((sum, each) => sum + each.length, 0) > MAX_HEAD)
      throw new RefusedAnswer('The trailers of its answer are too long.');
  }

  #trailer(lines: readonly string[]): Buffer {
    const fields = readTrailer(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`${fields.join('')}\r\n`, 'latin1');
  }
}

function stateAfter({ status, framing }: UpstreamHead): State {
  if (status === 101) return { at: 'rest' };
  if (status < 200) return { at: 'head' };
  if (framing.kind === 'close') return { at: 'rest' };
  if (framing.kind === 'chunked') return { at: 'chunk-size' };
  return framing.kind === 'length' && framing.length > 0 ? { at: 'length', left: framing.length } : { at: 'done' };
}
