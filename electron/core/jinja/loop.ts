import { equals } from './compare.ts';
import { TemplateFault } from './fault.ts';
import type { Meter } from './meter.ts';
import { Callable, iterate, LoopLike, lengthOf, Tuple, Undefined, type Value } from './values.ts';

/** The `loop` of one {% for %}: reads one value ahead when asked for, as Jinja2's LoopContext. */
export class Loop extends LoopLike implements Iterable<Value> {
  readonly #meter: Meter;
  #iterator: Iterator<Value>;
  #length: bigint | null;
  #index0 = -1n;
  #before: Value | undefined;
  #current: Value | undefined;
  /** Values read ahead. */
  #ahead: Value[] = [];
  #changed: Value | undefined;

  constructor(iterable: Value, meter: Meter) {
    super();
    this.#meter = meter;
    this.#iterator = iterate(iterable, meter)[Symbol.iterator]();
    this.#length = lengthOf(iterable);
  }

  *[Symbol.iterator](): Generator<Value> {
    for (let value = this.#next(); value !== undefined; value = this.#next()) {
      this.#index0++;
      this.#before = this.#current;
      this.#current = value;
      yield value;
    }
  }

  #next(): Value | undefined {
    const ready = this.#ahead.shift();
    if (ready !== undefined) return ready;
    const { done, value } = this.#iterator.next();
    return done ? undefined : value;
  }

  #peek(): Value | undefined {
    if (this.#ahead.length === 0) {
      const value = this.#next();
      if (value !== undefined) this.#ahead.push(value);
    }
    return this.#ahead[0];
  }

  get length(): bigint {
    if (this.#length === null) {
      for (let at = this.#iterator.next(); !at.done; at = this.#iterator.next()) this.#ahead.push(at.value);
      this.#length = BigInt(this.#ahead.length) + this.#index0 + 1n;
    }
    return this.#length;
  }

  attribute(name: string): Value {
    switch (name) {
      case 'index':
        return this.#index0 + 1n;
      case 'index0':
        return this.#index0;
      case 'revindex':
        return this.length - this.#index0;
      case 'revindex0':
        return this.length - this.#index0 - 1n;
      case 'length':
        return this.length;
      case 'first':
        return this.#index0 === 0n;
      case 'last':
        return this.#peek() === undefined;
      case 'depth':
        return 1n;
      case 'depth0':
        return 0n;
      case 'previtem':
        return this.#before ?? (this.#before === null ? null : new Undefined('there is no previous item'));
      case 'nextitem': {
        const next = this.#peek();
        return next === undefined ? new Undefined('there is no next item') : next;
      }
      case 'cycle':
        return new Callable('loop.cycle', ({ positional }) => this.#cycle(positional));
      case 'changed':
        return new Callable('loop.changed', ({ positional }) => this.#hasChanged(new Tuple(positional)));
      default:
        return new Undefined(`“loop” has no attribute “${name}”`);
    }
  }

  #cycle(values: readonly Value[]): Value {
    const value = values[Number(this.#index0 % BigInt(values.length || 1))];
    if (value === undefined) throw new TemplateFault('loop.cycle() needs values');
    return value;
  }

  #hasChanged(value: Tuple): boolean {
    if (this.#changed !== undefined && equals(this.#changed, value, this.#meter)) return false;
    this.#changed = value;
    return true;
  }
}
