import { TemplateFault } from './fault.ts';
import { limits } from './meter.ts';
import { unescapeString } from './string-literal.ts';
import { space } from './text.ts';

export type TokenType =
  | 'data'
  | 'block_begin'
  | 'block_end'
  | 'variable_begin'
  | 'variable_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'eof';

export interface Token {
  type: TokenType;
  /** The text of a name or operator, the value of a string; digits of a number as written without `_`. */
  value: string;
  line: number;
}

const s = `[${space}]`;
const raw = new RegExp(`\\{%[-+]?${s}*raw${s}*(?:-%\\}${s}*|%\\})`, 'y');
const endRaw = new RegExp(`\\{%([-+]?)${s}*endraw${s}*(?:\\+%\\}|-%\\}${s}*|%\\})`, 'g');
const endComment = new RegExp(`[+]#\\}|-#\\}${s}*|#\\}`, 'g');
const endBlock = new RegExp(`\\+%\\}|-%\\}${s}*|%\\}`, 'y');
const endVariable = new RegExp(`-\\}\\}${s}*|\\}\\}`, 'y');
const whitespace = new RegExp(`${s}+`, 'y');
const float = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integer = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const name = /[\p{L}_][\p{L}\p{M}\p{Nd}_]*/uy;
const string = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const begin = /\{[{%#]/g;
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Jinja2's tokens of a template: line ends become `\n`, one final line end is dropped, `-` strips the text beside a tag.
 * @throws TemplateFault naming file and line
 */
export function tokenize(file: string, text: string): Token[] {
  if (text.length > limits.source) {
    throw new TemplateFault(`it is larger than ${limits.source / 1024} KiB`).at(file, 1);
  }
  return new Lexer(file, text.replace(/\r\n?/g, '\n').replace(/\n$/, '')).tokens();
}

/** One pass over a template. */
class Lexer {
  readonly #file: string;
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  /** Remembered, so that a long line is not searched again for each of its tokens. */
  #lineEnd: number;

  constructor(file: string, source: string) {
    this.#file = file;
    this.#source = source;
    this.#lineEnd = source.indexOf('\n');
  }

  tokens(): Token[] {
    const source = this.#source;
    while (this.#at < source.length) {
      begin.lastIndex = this.#at;
      const start = begin.exec(source)?.index ?? source.length;
      const sign = source[start + 2];
      this.#data(start, sign === '-');
      if (start === source.length) break;
      const rawTag = this.#match(raw);
      const skipped = sign === '-' || sign === '+' ? 3 : 2;
      if (rawTag !== null) this.#raw(rawTag);
      else if (source[start + 1] === '#') this.#comment(skipped);
      else if (source[start + 1] === '%') this.#tag('block_begin', skipped, endBlock, 'block_end');
      else this.#tag('variable_begin', skipped, endVariable, 'variable_end');
    }
    this.#push('eof', '');
    return this.#tokens;
  }

  #fail(reason: string): never {
    throw new TemplateFault(reason).at(this.#file, this.#line);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source)?.[0] ?? null;
  }

  #advance(length: number): void {
    this.#at += length;
    for (
      ;
      this.#lineEnd !== -1 && this.#lineEnd < this.#at;
      this.#lineEnd = this.#source.indexOf('\n', this.#lineEnd + 1)
    )
      this.#line++;
  }

  #push(type: TokenType, value: string): void {
    this.#tokens.push({ type, value, line: this.#line });
  }

  #data(end: number, strip: boolean): void {
    const whole = this.#source.slice(this.#at, end);
    const kept = strip ? trimEnd(whole) : whole;
    if (kept !== '') this.#push('data', kept);
    this.#advance(whole.length);
  }

  #raw(opening: string): void {
    this.#advance(opening.length);
    endRaw.lastIndex = this.#at;
    const ended = endRaw.exec(this.#source);
    if (ended === null) this.#fail('a {% raw %} is not ended by {% endraw %}');
    this.#data(ended.index, ended[1] === '-');
    this.#advance(ended[0].length);
  }

  #comment(skipped: number): void {
    endComment.lastIndex = this.#at + skipped;
    const ended = endComment.exec(this.#source);
    if (ended === null) this.#fail('a comment is not ended by #}');
    this.#advance(ended.index + ended[0].length - this.#at);
  }

  /** A tag up to its end. */
  #tag(beginType: TokenType, skipped: number, end: RegExp, endType: TokenType): void {
    this.#push(beginType, '');
    this.#advance(skipped);
    const open: string[] = [];
    for (;;) {
      const ended = open.length === 0 ? this.#match(end) : null;
      if (ended !== null) {
        this.#push(endType, '');
        this.#advance(ended.length);
        return;
      }
      if (this.#at >= this.#source.length) return;
      const [type, word] = this.#nextInTag();
      if (type === 'operator') this.#balance(open, word);
      if (type !== null) this.#push(type, this.#value(type, word));
      this.#advance(word.length);
    }
  }

  #nextInTag(): [TokenType | null, string] {
    for (const [pattern, type] of inTag) {
      const word = this.#match(pattern);
      if (word !== null) return [type, word];
    }
    return this.#fail(`unexpected character “${String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0)}”`);
  }

  #value(type: TokenType, word: string): string {
    if (type === 'string') return unescapeString(word.slice(1, -1)) ?? this.#fail('the text has a malformed \\ escape');
    if (type === 'integer' && word.length > limits.digits)
      this.#fail(`an integer has more than ${limits.digits} digits`);
    return type === 'integer' || type === 'float' ? word.replaceAll('_', '') : word;
  }

  #balance(open: string[], word: string): void {
    const close = closing[word];
    if (close) open.push(close);
    else if (word === ')' || word === ']' || word === '}') {
      const expected = open.pop();
      if (expected !== word) this.#fail(`unexpected “${word}”${expected ? `, expected “${expected}”` : ''}`);
    }
  }
}

const inTag: readonly (readonly [RegExp, TokenType | null])[] = [
  [whitespace, null],
  [float, 'float'],
  [integer, 'integer'],
  [name, 'name'],
  [string, 'string'],
  [operator, 'operator'],
];

const isSpace = new RegExp(s);

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}
