import { TemplateFault } from './fault.ts';
import { pairsOf } from './methods-collection.ts';
import { asIndex } from './numbers.ts';
import { Callable, Dict, Namespace, Range, type Value } from './values.ts';

/** The functions every template has. */
export const globals: ReadonlyMap<string, Value> = new Map<string, Value>([
  [
    'range',
    new Callable('range', ({ positional, named }) => {
      const [first, second, third] = positional.map((value) => asIndex(value, 'a bound of range()'));
      if (first === undefined || positional.length > 3 || named.size > 0)
        throw new TemplateFault('range() takes 1 to 3 numbers');
      return second === undefined ? new Range(0n, first, 1n) : new Range(first, second, third ?? 1n);
    }),
  ],
  [
    'dict',
    new Callable('dict', ({ positional, named }, meter) => {
      if (positional.length > 1) throw new TemplateFault('dict() takes one dictionary');
      return Dict.of([...(positional[0] === undefined ? [] : pairsOf(positional[0], meter)), ...named]);
    }),
  ],
  [
    'namespace',
    new Callable('namespace', ({ positional, named }, meter) => {
      const namespace = new Namespace();
      if (positional.length > 1) throw new TemplateFault('namespace() takes one dictionary');
      for (const [key, value] of positional[0] === undefined ? [] : pairsOf(positional[0], meter)) {
        if (typeof key !== 'string') throw new TemplateFault('the names in a namespace() are texts');
        namespace.vars.set(key, value);
      }
      for (const [key, value] of named) namespace.vars.set(key, value);
      return namespace;
    }),
  ],
]);
