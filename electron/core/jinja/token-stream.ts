import { TemplateFault } from './fault.ts';
import { type Token, type TokenType, tokenize } from './lexer.ts';

/** The tokens of one template and where in them we are. */
export class TokenStream {
  readonly file: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(file: string, source: string) {
    this.file = file;
    this.#tokens = tokenize(file, source);
  }

  get current(): Token {
    return this.#at(this.#position);
  }

  get ahead(): Token {
    return this.#at(this.#position + 1);
  }

  #at(index: number): Token {
    const token = this.#tokens[Math.min(index, this.#tokens.length - 1)];
    if (!token) throw new Error('a stream of tokens ends with eof');
    return token;
  }

  next(): Token {
    const token = this.current;
    this.#position++;
    return token;
  }

  is(type: TokenType, value?: string): boolean {
    return this.current.type === type && (value === undefined || this.current.value === value);
  }

  /** Steps over such a token; false: it is another. */
  skip(type: TokenType, value?: string): boolean {
    const found = this.is(type, value);
    if (found) this.#position++;
    return found;
  }

  expect(type: TokenType, value?: string): Token {
    if (!this.is(type, value)) throw this.unexpected(value === undefined ? spoken[type] : `“${value}”`);
    return this.next();
  }

  unexpected(wanted: string): TemplateFault {
    const { type, value } = this.current;
    const found = type === 'name' || type === 'operator' ? `“${value}”` : spoken[type];
    return this.fail(`${wanted} was expected, here is ${found}`);
  }

  fail(reason: string): TemplateFault {
    return new TemplateFault(reason).at(this.file, this.current.line);
  }
}

const spoken: Readonly<Record<TokenType, string>> = {
  data: 'text',
  block_begin: '“{%”',
  block_end: '“%}”',
  variable_begin: '“{{”',
  variable_end: '“}}”',
  name: 'a name',
  string: 'a text',
  integer: 'a number',
  float: 'a number',
  operator: 'an operator',
  eof: 'the end of the file',
};
