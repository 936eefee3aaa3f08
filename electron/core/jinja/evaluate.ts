import type { CallNode, CompareOp, Expr } from './ast.ts';
import { attribute, item, slice } from './attributes.ts';
import { callBuilt } from './call-built.ts';
import { contains, equals, ordered } from './compare.ts';
import { TemplateFault, unsupported } from './fault.ts';
import { filters } from './filters.ts';
import { globals } from './globals.ts';
import type { Meter } from './meter.ts';
import { isUnsupportedFunction, unknownName } from './names.ts';
import { binary, negate, plus } from './operators.ts';
import type { Runtime } from './runtime.ts';
import type { Scope } from './scope.ts';
import { tests } from './tests.ts';
import { str } from './text.ts';
import { type CallArgs, Callable, Dict, isTrue, listOf, Tuple, typeName, Undefined, type Value } from './values.ts';

/** Evaluates expressions in a scope. `line` is where it last was, for errors. */
export class Evaluator implements Runtime {
  readonly meter: Meter;
  readonly #context: ReadonlyMap<string, Value>;
  scope: Scope;
  line = 1;

  constructor(scope: Scope, context: ReadonlyMap<string, Value>, meter: Meter) {
    this.scope = scope;
    this.#context = context;
    this.meter = meter;
  }

  filter(name: string, input: Value, args: CallArgs): Value {
    this.meter.step();
    return callBuilt('filter', filters, name, this, input, args);
  }

  test(name: string, input: Value, args: CallArgs): boolean {
    this.meter.step();
    return isTrue(callBuilt('test', tests, name, this, input, args));
  }

  text(expr: Expr): string {
    return str(this.value(expr), this.meter);
  }

  isTrue(expr: Expr): boolean {
    return isTrue(this.value(expr));
  }

  name(name: string): Value {
    const own = this.scope.find(name);
    if (own !== undefined) return own;
    const given = this.#context.get(name) ?? globals.get(name);
    if (given !== undefined) return given;
    if (this.#context.has(name)) return null;
    if (isUnsupportedFunction(name)) throw unknownName('function', name);
    if (name === 'self') throw unsupported('“self”');
    return new Undefined(`“${name}” is undefined`);
  }

  value(expr: Expr): Value {
    this.meter.step();
    this.line = expr.line;
    const { meter } = this;
    switch (expr.type) {
      case 'const':
        return expr.value;
      case 'name':
        return this.name(expr.name);
      case 'tuple':
        return new Tuple(expr.items.map((part) => this.value(part)));
      case 'list':
        return expr.items.map((part) => this.value(part));
      case 'dict':
        return Dict.of(expr.pairs.map(([key, value]) => [this.value(key), this.value(value)]));
      case 'concat':
        return this.#concat(expr.items);
      case 'attribute':
        return attribute(this.value(expr.object), expr.name, meter);
      case 'item':
        return item(this.value(expr.object), this.value(expr.index), meter);
      case 'slice': {
        const part = (bound: Expr | null) => (bound === null ? null : this.value(bound));
        return slice(this.value(expr.object), part(expr.start), part(expr.stop), part(expr.step), meter);
      }
      case 'call':
        return this.#call(this.value(expr.target), this.args(expr.args));
      case 'filter':
        return this.#filtered(expr);
      case 'test': {
        const input = this.value(expr.input);
        return this.test(expr.name, input, this.args(expr.args));
      }
      case 'not':
        return !this.isTrue(expr.operand);
      case 'negate':
        return negate(this.value(expr.operand));
      case 'plus':
        return plus(this.value(expr.operand));
      case 'and': {
        const left = this.value(expr.left);
        return isTrue(left) ? this.value(expr.right) : left;
      }
      case 'or': {
        const left = this.value(expr.left);
        return isTrue(left) ? left : this.value(expr.right);
      }
      case 'binary': {
        const left = this.value(expr.left);
        return binary(left, expr.op, this.value(expr.right), meter);
      }
      case 'compare':
        return this.#compare(expr.first, expr.rest);
      case 'condition':
        if (this.isTrue(expr.test)) return this.value(expr.then);
        if (expr.otherwise) return this.value(expr.otherwise);
        return new Undefined('the inline “if” was false and has no “else”');
    }
  }

  #concat(items: readonly Expr[]): string {
    const parts = items.map((part) => this.text(part));
    for (const part of parts) this.meter.text(part.length);
    return parts.join('');
  }

  #filtered(expr: Extract<Expr, { type: 'filter' }>): Value {
    if (expr.input === null) throw new TemplateFault('a filter has nothing to work on');
    const input = this.value(expr.input);
    const args = this.args(expr.args);
    this.line = expr.line;
    return this.filter(expr.name, input, args);
  }

  #call(target: Value, args: CallArgs): Value {
    if (target instanceof Undefined) throw target.fail();
    if (!(target instanceof Callable)) throw new TemplateFault(`${typeName(target)} cannot be called`);
    return target.call(args, this.meter);
  }

  args({ positional, named, list, mapping }: CallNode): CallArgs {
    const places = positional.map((arg) => this.value(arg));
    const names = new Map<string, Value>();
    const give = (name: string, value: Value) => {
      if (names.has(name)) throw new TemplateFault(`the argument “${name}” is given twice`);
      names.set(name, value);
    };
    for (const [name, arg] of named) give(name, this.value(arg));
    if (list) places.push(...listOf(this.value(list), this.meter));
    if (mapping) {
      const dict = this.value(mapping);
      if (!(dict instanceof Dict))
        throw new TemplateFault(`after “**” a dictionary must follow, not ${typeName(dict)}`);
      for (const [key, value] of dict.entries()) {
        if (typeof key !== 'string') throw new TemplateFault('names of arguments are texts');
        give(key, value);
      }
    }
    return { positional: places, named: names };
  }

  #compare(first: Expr, rest: readonly [CompareOp, Expr][]): Value {
    let left = this.value(first);
    for (const [op, expr] of rest) {
      const right = this.value(expr);
      if (!compared(left, op, right, this.meter)) return false;
      left = right;
    }
    return true;
  }
}

function compared(left: Value, op: CompareOp, right: Value, meter: Meter): boolean {
  if (op === '==') return equals(left, right, meter);
  if (op === '!=') return !equals(left, right, meter);
  if (op === 'in') return contains(right, left, meter);
  return op === 'not in' ? !contains(right, left, meter) : ordered(left, op, right, meter);
}
