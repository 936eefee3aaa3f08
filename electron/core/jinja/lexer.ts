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
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;

  const fail = (reason: string): never => {
    throw new TemplateFault(reason).at(file, line);
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  // Remembered, so that a long line is not searched again for each of its tokens.
  let lineEnd = source.indexOf('\n');
  const advance = (length: number): void => {
    at += length;
    for (; lineEnd !== -1 && lineEnd < at; lineEnd = source.indexOf('\n', lineEnd + 1)) line++;
  };
  const push = (type: TokenType, value: string): void => {
    tokens.push({ type, value, line });
  };
  const data = (end: number, strip: boolean): void => {
    const whole = source.slice(at, end);
    const kept = strip ? trimEnd(whole) : whole;
    if (kept !== '') push('data', kept);
    advance(whole.length);
  };

  /** The inside of a tag, up to its end. */
  const tag = (end: RegExp, endType: TokenType): void => {
    const open: string[] = [];
    for (;;) {
      const ended = open.length === 0 ? match(end) : null;
      if (ended !== null) {
        push(endType, '');
        advance(ended.length);
        return;
      }
      if (at >= source.length) return;
      const [type, word] = nextInTag();
      if (type === 'operator') balance(open, word);
      if (type !== null) push(type, value(type, word));
      advance(word.length);
    }
  };
  const nextInTag = (): [TokenType | null, string] => {
    for (const [pattern, type] of inTag) {
      const word = match(pattern);
      if (word !== null) return [type, word];
    }
    return fail(`unexpected character “${String.fromCodePoint(source.codePointAt(at) ?? 0)}”`);
  };
  const value = (type: TokenType, word: string): string => {
    if (type === 'string') return unescapeString(word.slice(1, -1)) ?? fail('the text has a malformed \\ escape');
    if (type === 'integer' && word.length > limits.digits) fail(`an integer has more than ${limits.digits} digits`);
    return type === 'integer' || type === 'float' ? word.replaceAll('_', '') : word;
  };
  const balance = (open: string[], word: string): void => {
    const close = closing[word];
    if (close) open.push(close);
    else if (word === ')' || word === ']' || word === '}') {
      const expected = open.pop();
      if (expected !== word) fail(`unexpected “${word}”${expected ? `, expected “${expected}”` : ''}`);
    }
  };

  while (at < source.length) {
    begin.lastIndex = at;
    const start = begin.exec(source)?.index ?? source.length;
    const sign = source[start + 2];
    data(start, sign === '-');
    if (start === source.length) break;
    const kind = source[start + 1];
    const rawTag = match(raw);
    if (rawTag !== null) {
      advance(rawTag.length);
      endRaw.lastIndex = at;
      const ended = endRaw.exec(source);
      if (ended === null) return fail('a {% raw %} is not ended by {% endraw %}');
      data(ended.index, ended[1] === '-');
      advance(ended[0].length);
    } else if (kind === '#') {
      endComment.lastIndex = at + (sign === '-' || sign === '+' ? 3 : 2);
      const ended = endComment.exec(source);
      if (ended === null) return fail('a comment is not ended by #}');
      advance(ended.index + ended[0].length - at);
    } else {
      const [type, end, endType] =
        kind === '%'
          ? (['block_begin', endBlock, 'block_end'] as const)
          : (['variable_begin', endVariable, 'variable_end'] as const);
      push(type, '');
      advance(sign === '-' || sign === '+' ? 3 : 2);
      tag(end, endType);
    }
  }
  push('eof', '');
  return tokens;
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
