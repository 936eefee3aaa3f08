import type { CallNode, Expr } from './ast.ts';
import { limits } from './meter.ts';
import { TokenStream } from './token-stream.ts';

const constants = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
export const noCall = (): CallNode => ({ positional: [], named: [], list: null, mapping: null });

/** Names, literals, brackets and what follows them: attributes, subscripts, calls. */
export abstract class PrimaryParser extends TokenStream {
  #depth = 0;
  /** Counts the links of a chain: each is a level of the tree. */
  protected links(): () => void {
    let count = 0;
    return () => {
      if (++count > limits.chain) throw this.fail(`it is nested more than ${limits.chain} deep`);
    };
  }

  abstract expression(): Expr;
  /** An expression without an inline `if`. */
  protected abstract or(): Expr;

  /** Runs a rule one level deeper; the depth of brackets and tags within each other is limited. */
  protected nested<T>(rule: () => T): T {
    if (++this.#depth > limits.nesting) throw this.fail(`it is nested more than ${limits.nesting} deep`);
    try {
      return rule();
    } finally {
      this.#depth--;
    }
  }

  /** One expression, or a tuple without parentheses. */
  tuple(options: { end?: string; condition?: boolean; simple?: boolean; empty?: boolean } = {}): Expr {
    const { line } = this.current;
    const items: Expr[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.endsTuple(options.end)) break;
      items.push(
        options.simple
          ? this.primary()
          : options.condition === false
            ? this.nested(() => this.or())
            : this.expression(),
      );
      if (!this.is('operator', ',')) break;
      isTuple = true;
    }
    const [first] = items;
    if (!isTuple && first) return first;
    if (!isTuple && !options.empty) throw this.unexpected('an expression');
    return { type: 'tuple', items, line };
  }

  private endsTuple(end: string | undefined): boolean {
    if (this.current.type === 'variable_end' || this.current.type === 'block_end') return true;
    return this.is('operator', ')') || (end !== undefined && this.is('name', end));
  }

  protected primary(): Expr {
    const { type, value, line } = this.current;
    if (type === 'name') {
      this.next();
      const constant = constants.get(value);
      return constant === undefined ? { type: 'name', name: value, line } : { type: 'const', value: constant, line };
    }
    if (type === 'string') {
      let text = '';
      while (this.current.type === 'string') text += this.next().value;
      return { type: 'const', value: text, line };
    }
    if (type === 'integer' || type === 'float') {
      this.next();
      return { type: 'const', value: type === 'integer' ? BigInt(value) : Number(value), line };
    }
    if (this.skip('operator', '(')) {
      const inner = this.nested(() => this.tuple({ empty: true }));
      this.expect('operator', ')');
      return inner;
    }
    if (this.skip('operator', '[')) {
      return { type: 'list', items: this.until(']', () => this.expression()), line };
    }
    if (this.skip('operator', '{')) {
      const pairs = this.until('}', (): [Expr, Expr] => {
        const key = this.expression();
        this.expect('operator', ':');
        return [key, this.expression()];
      });
      return { type: 'dict', pairs, line };
    }
    throw this.unexpected('an expression');
  }

  /** Items with commas between them; one may follow the last. */
  private until<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.skip('operator', close)) {
      if (items.length > 0) {
        this.expect('operator', ',');
        if (this.skip('operator', close)) break;
      }
      items.push(item());
    }
    return items;
  }

  protected postfix(start: Expr): Expr {
    let node = start;
    for (const link = this.links(); ; link()) {
      const { line } = this.current;
      if (this.skip('operator', '.')) {
        const { type, value } = this.next();
        if (type === 'name') node = { type: 'attribute', object: node, name: value, line };
        else if (type === 'integer') {
          node = { type: 'item', object: node, index: { type: 'const', value: BigInt(value), line }, line };
        } else throw this.fail('a name or a number must follow “.”');
      } else if (this.skip('operator', '[')) node = this.subscript(node, line);
      else if (this.is('operator', '(')) node = { type: 'call', target: node, args: this.callArgs(), line };
      else return node;
    }
  }

  private subscript(object: Expr, line: number): Expr {
    let start: Expr | null = null;
    if (!this.is('operator', ':')) {
      start = this.expression();
      if (!this.is('operator', ':')) {
        const items = [start];
        while (this.skip('operator', ',')) items.push(this.expression());
        this.expect('operator', ']');
        const index: Expr = items.length === 1 ? start : { type: 'tuple', items, line };
        return { type: 'item', object, index, line };
      }
    }
    const part = (): Expr | null => (this.is('operator', ':') || this.is('operator', ']') ? null : this.expression());
    this.expect('operator', ':');
    const stop = part();
    const step = this.skip('operator', ':') ? part() : null;
    this.expect('operator', ']');
    return { type: 'slice', object, start, stop, step, line };
  }

  protected callArgs(): CallNode {
    const args = noCall();
    this.expect('operator', '(');
    this.nested(() => this.until(')', () => this.callArg(args)));
    return args;
  }

  private callArg(args: CallNode): void {
    const wrong = () => this.fail('arguments of a call are in the wrong order');
    if (this.skip('operator', '*')) {
      if (args.list || args.mapping) throw wrong();
      args.list = this.expression();
    } else if (this.skip('operator', '**')) {
      if (args.mapping) throw wrong();
      args.mapping = this.expression();
    } else if (this.current.type === 'name' && this.ahead.type === 'operator' && this.ahead.value === '=') {
      if (args.mapping) throw wrong();
      const name = this.next().value;
      this.next();
      args.named.push([name, this.expression()]);
    } else {
      if (args.list || args.mapping || args.named.length > 0) throw wrong();
      args.positional.push(this.expression());
    }
  }
}
