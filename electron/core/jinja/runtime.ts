import type { Meter } from './meter.ts';
import type { CallArgs, Value } from './values.ts';

/** What filters and tests need of the rendering they run in. */
export interface Runtime {
  readonly meter: Meter;
  /** Calls a filter or test by its name. @throws TemplateFault when there is none */
  filter(name: string, input: Value, args: CallArgs): Value;
  test(name: string, input: Value, args: CallArgs): boolean;
}

/** A filter or test: its input, then its arguments in the order of `names`; those not given are absent. */
export interface Built {
  names: readonly string[];
  least: number;
  run: (runtime: Runtime, input: Value, args: (Value | undefined)[]) => Value;
}
/** One that takes its arguments as they come. */
export interface BuiltFree {
  free: (runtime: Runtime, input: Value, args: CallArgs) => Value;
}
export type BuiltTable = Readonly<Record<string, Built | BuiltFree>>;

/** `names`: `!` marks those that must be given. */
export function built(names: string, run: Built['run']): Built {
  const list = names.split(' ').filter((name) => name !== '');
  return {
    names: list.map((name) => name.replace('!', '')),
    least: list.filter((name) => name.endsWith('!')).length,
    run,
  };
}
