import type { BinaryOp, CompareOp, Expr, FilterExpr } from './ast.ts';
import type { TemplateFault } from './fault.ts';
import { filters } from './filters.ts';
import { unknownName } from './names.ts';
import { noCall, PrimaryParser } from './parse-primary.ts';
import { tests } from './tests.ts';

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);
/** Jinja2's grammar of expressions, with its precedences. */
export class ExpressionParser extends PrimaryParser {
  /** Filters and tests that do not exist. */
  protected readonly unknown: TemplateFault[] = [];

  /** Runs a rule in which a filter or test that does not exist is an error only when it is used. */
  protected lookedUpLate<T>(rule: () => T): T {
    const mark = this.unknown.length;
    const result = rule();
    this.unknown.length = mark;
    return result;
  }

  /** A block of its own inside an `if` looks them up at once, as outside of one. */
  protected lookedUpNow<T>(rule: () => T): T {
    const mark = this.unknown.length;
    const result = rule();
    const fault = this.unknown[mark];
    if (fault) throw fault;
    return result;
  }

  expression(): Expr {
    return this.nested(() => this.condition());
  }

  private condition(): Expr {
    const { line } = this.current;
    const mark = this.unknown.length;
    let then = this.or();
    const link = this.links();
    while (this.skip('name', 'if')) {
      link();
      const test = this.or();
      const otherwise = this.skip('name', 'else') ? this.nested(() => this.condition()) : null;
      then = { type: 'condition', test, then, otherwise, line };
      this.unknown.length = mark;
    }
    return then;
  }

  protected or(): Expr {
    let left = this.and();
    const link = this.links();
    for (let { line } = this.current; this.skip('name', 'or'); { line } = this.current) {
      link();
      left = { type: 'or', left, right: this.and(), line };
    }
    return left;
  }

  private and(): Expr {
    let left = this.not();
    const link = this.links();
    for (let { line } = this.current; this.skip('name', 'and'); { line } = this.current) {
      link();
      left = { type: 'and', left, right: this.not(), line };
    }
    return left;
  }

  private not(): Expr {
    const { line } = this.current;
    if (!this.skip('name', 'not')) return this.compare();
    return { type: 'not', operand: this.nested(() => this.not()), line };
  }

  private compare(): Expr {
    const { line } = this.current;
    const first = this.sum();
    const rest: [CompareOp, Expr][] = [];
    for (let op = this.compareOp(); op !== null; op = this.compareOp()) rest.push([op, this.sum()]);
    return rest.length === 0 ? first : { type: 'compare', first, rest, line };
  }

  private compareOp(): CompareOp | null {
    const { type, value } = this.current;
    if (type === 'operator' && comparisons.has(value)) {
      this.next();
      return value as CompareOp;
    }
    if (this.skip('name', 'in')) return 'in';
    if (!this.is('name', 'not') || this.ahead.type !== 'name' || this.ahead.value !== 'in') return null;
    this.next();
    this.next();
    return 'not in';
  }

  private sum = this.binary(['+', '-'], () => this.concat());
  private product = this.binary(['*', '/', '//', '%'], () => this.power());
  private power = this.binary(['**'], () => this.unary());

  private binary(ops: readonly BinaryOp[], operand: () => Expr): () => Expr {
    return () => {
      let left = operand();
      for (const link = this.links(); ; link()) {
        const { type, value, line } = this.current;
        const op = type === 'operator' ? ops.find((known) => known === value) : undefined;
        if (op === undefined) return left;
        this.next();
        left = { type: 'binary', op, left, right: operand(), line };
      }
    };
  }

  private concat(): Expr {
    const { line } = this.current;
    const first = this.product();
    const items = [first];
    while (this.skip('operator', '~')) items.push(this.product());
    return items.length === 1 ? first : { type: 'concat', items, line };
  }

  private unary(withFilter = true): Expr {
    const { line } = this.current;
    let node: Expr;
    if (this.skip('operator', '-')) node = { type: 'negate', operand: this.nested(() => this.unary(false)), line };
    else if (this.skip('operator', '+')) node = { type: 'plus', operand: this.nested(() => this.unary(false)), line };
    else node = this.primary();
    node = this.postfix(node);
    return withFilter ? this.filters(node) : node;
  }

  private filters(start: Expr): Expr {
    let node = start;
    for (const link = this.links(); ; link()) {
      const { line } = this.current;
      if (this.is('operator', '|')) node = this.filter(node) ?? node;
      else if (this.skip('name', 'is')) node = this.test(node, line);
      else if (this.is('operator', '(')) node = { type: 'call', target: node, args: this.callArgs(), line };
      else return node;
    }
  }

  /** `| name(...)`, as often as it follows; `inline`: the first without its `|`. */
  protected filter(start: Expr | null, inline = false): FilterExpr | null {
    let node: FilterExpr | null = null;
    let bare = inline;
    const link = this.links();
    while (bare || this.skip('operator', '|')) {
      link();
      bare = false;
      const { line } = this.current;
      const name = this.dottedName();
      this.checkName('filter', name, line);
      const args = this.is('operator', '(') ? this.callArgs() : noCall();
      node = { type: 'filter', input: node ?? start, name, args, line };
    }
    return node;
  }

  private test(input: Expr, line: number): Expr {
    const negated = this.skip('name', 'not');
    const name = this.dottedName();
    this.checkName('test', name, line);
    let args = noCall();
    const { type, value } = this.current;
    if (this.is('operator', '(')) args = this.callArgs();
    else if (
      (type === 'name' && !['else', 'or', 'and'].includes(value)) ||
      type === 'string' ||
      type === 'integer' ||
      type === 'float' ||
      (type === 'operator' && (value === '[' || value === '{'))
    ) {
      if (type === 'name' && value === 'is') throw this.fail('tests cannot be chained with “is”');
      args.positional.push(this.postfix(this.primary()));
    }
    const test: Expr = { type: 'test', input, name, args, line };
    return negated ? { type: 'not', operand: test, line } : test;
  }

  private dottedName(): string {
    let name = this.expect('name').value;
    while (this.skip('operator', '.')) name += `.${this.expect('name').value}`;
    return name;
  }

  private checkName(kind: 'filter' | 'test', name: string, line: number): void {
    if (!(name in (kind === 'filter' ? filters : tests))) {
      this.unknown.push(unknownName(kind, name).at(this.file, line));
    }
  }
}
