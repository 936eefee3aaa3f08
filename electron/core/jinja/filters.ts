import { attribute as attributeOf } from './attributes.ts';
import { numeric } from './compare.ts';
import { TemplateFault } from './fault.ts';
import { listFilters } from './filters-list.ts';
import { textFilters } from './filters-text.ts';
import { attributeGetter } from './keys.ts';
import { text } from './methods-text.ts';
import { asSize, roundTo, toInt, toNumber } from './numbers.ts';
import { binary } from './operators.ts';
import { type BuiltFree, type BuiltTable, built, type Runtime } from './runtime.ts';
import { type CallArgs, isTrue, iterate, Stream, typeName, Undefined, type Value } from './values.ts';

const fallback = built('default_value boolean', (_, input, [other = '', boolean = false]) =>
  input instanceof Undefined || (isTrue(boolean) && !isTrue(input)) ? other : input,
);

/** `select`, `reject` and their `attr` forms: what a test (or the value itself) says of each item. */
const chosen = (keep: boolean, byAttribute: boolean): BuiltFree => ({
  free: (runtime, input, { positional, named }) =>
    lazy(runtime, input, function* (values) {
      const rest = [...positional];
      const attribute = byAttribute ? rest.shift() : null;
      if (attribute === undefined) throw new TemplateFault('the name of an attribute is missing');
      const get = attributeGetter(attribute, runtime.meter);
      const test = rest.shift();
      for (const value of values) {
        const tested = get(value);
        const yes =
          test === undefined ? isTrue(tested) : runtime.test(text(test, 'a test'), tested, { positional: rest, named });
        if (yes === keep) yield value;
      }
    }),
});

/** As Jinja2's generators: nothing happens before the first value is asked for, or for an empty input. */
function lazy(runtime: Runtime, input: Value, work: (values: Iterable<Value>) => Generator<Value>): Stream {
  return new Stream(
    (function* () {
      if (isTrue(input)) yield* work(iterate(input, runtime.meter));
    })(),
  );
}

function mapped(runtime: Runtime, { positional, named }: CallArgs): (value: Value) => Value {
  const attribute = named.get('attribute');
  if (positional.length === 0 && attribute !== undefined) {
    for (const name of named.keys()) {
      if (name !== 'attribute' && name !== 'default')
        throw new TemplateFault(`the filter “map” has no argument “${name}”`);
    }
    return attributeGetter(attribute, runtime.meter, named.get('default') ?? null);
  }
  const [name, ...rest] = positional;
  if (name === undefined) throw new TemplateFault('the filter “map” needs the name of a filter');
  return (value) => runtime.filter(text(name, 'the name of a filter'), value, { positional: rest, named });
}

export const filters: BuiltTable = Object.assign(Object.create(null), textFilters, listFilters, {
  default: fallback,
  d: fallback,
  int: built('default base', (_, input, [other = 0n, base = 10n]) => {
    const whole = toInt(input, asSize(base, 'a base'));
    if (whole !== null) return whole;
    const float = toNumber(input);
    const cut = float === null ? null : toInt(float);
    return cut === null ? other : cut;
  }),
  float: built('default', (_, input, [other = 0]) => toNumber(input) ?? other),
  abs: built('', (_, input) => {
    if (input instanceof Undefined) throw new TemplateFault('“abs” needs a number');
    const number = numeric(input);
    if (number === null) throw new TemplateFault(`“abs” needs a number, not ${typeName(input)}`);
    return typeof number === 'bigint' ? (number < 0n ? -number : number) : Math.abs(number);
  }),
  round: built('precision method', ({ meter }, input, [precision = 0n, method = 'common']) => {
    if (method !== 'common' && method !== 'ceil' && method !== 'floor') {
      throw new TemplateFault('“round” knows the methods common, ceil and floor');
    }
    const number = numeric(input);
    if (number === null || input instanceof Undefined)
      throw new TemplateFault(`“round” needs a number, not ${typeName(input)}`);
    if (method === 'common') return roundTo(number, asSize(precision, 'a precision'));
    const unit = binary(10n, '**', precision, meter);
    const scaled = numeric(binary(number, '*', unit, meter)) ?? 0;
    const whole =
      typeof scaled === 'bigint' ? scaled : toInt(method === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled));
    return binary(whole, '/', unit, meter);
  }),
  attr: built('name!', ({ meter }, input, [name = null]) => {
    const key = text(name, 'the name of an attribute');
    if (input instanceof Undefined) throw input.fail();
    const found = attributeOf(input, key, meter);
    return typeof found === 'object' && found !== null && 'call' in found
      ? found
      : new Undefined(`there is no attribute “${key}”`);
  }),
  map: {
    free: (runtime, input, args) =>
      lazy(runtime, input, function* (values) {
        const change = mapped(runtime, args);
        for (const value of values) yield change(value);
      }),
  } satisfies BuiltFree,
  select: chosen(true, false),
  reject: chosen(false, false),
  selectattr: chosen(true, true),
  rejectattr: chosen(false, true),
});
