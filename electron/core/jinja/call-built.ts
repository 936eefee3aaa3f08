import { TemplateFault } from './fault.ts';
import { unknownName } from './names.ts';
import type { BuiltTable, Runtime } from './runtime.ts';
import type { CallArgs, Value } from './values.ts';

/** Calls a filter or test, its arguments bound as Python binds them. */
export function callBuilt(
  kind: 'filter' | 'test',
  table: BuiltTable,
  name: string,
  runtime: Runtime,
  input: Value,
  args: CallArgs,
): Value {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!found) throw unknownName(kind, name);
  if (typeof input === 'string') runtime.meter.text(input.length);
  if ('free' in found) return found.free(runtime, input, args);
  const { names, least, run } = found;
  const wrong = (reason: string) => new TemplateFault(`the ${kind} “${name}” ${reason}`);
  if (args.positional.length > names.length) throw wrong(`takes at most ${names.length} arguments`);
  const values: (Value | undefined)[] = [...args.positional];
  for (const [key, value] of args.named) {
    const place = names.indexOf(key);
    if (place === -1) throw wrong(`has no argument “${key}”`);
    if (values[place] !== undefined) throw wrong(`was given “${key}” twice`);
    values[place] = value;
  }
  for (let place = 0; place < least; place++) {
    if (values[place] === undefined) throw wrong(`needs its argument “${names[place]}”`);
  }
  return run(runtime, input, values);
}
