import type { Resources } from '../instances.ts';
import { readSlots } from './fields.ts';
import { readDirectives } from './script.ts';
import type { Dialect, Directive, Slot } from './types.ts';

/**
 * What a script asks of its scheduler. What runs there is `run.sh`, in which no scheduler finds the directives; so they are read
 * here. Those that name the job, its files or its end are Tunel's matter and are left out, all others are options.
 */
export function readRequest(script: string, dialect: Dialect): Partial<Resources> {
  const directives = readDirectives(script, dialect).flatMap((line) => line.directives);
  const isField = (slot: Slot, value: string) => !slot.isVerbatim?.(value);
  const { name: _name, output: _output, ...fields } = readSlots(directives, dialect.slots, isField);
  const options = directives.filter((directive) => isOption(directive, dialect));
  const words = [
    ...new Map(options.map(({ key, value }) => [`${key}=${value}`, dialect.toArguments(key, value)])).values(),
  ];
  return { ...fields, ...(words.length > 0 ? { options: words.flat() } : {}) };
}

function isOption({ key, value }: Directive, { slots, setByTunel }: Dialect): boolean {
  if (setByTunel.has(key) || /[\r\0]/.test(value ?? '')) return false;
  const slot = slots.find((known) => known.key === key);
  return !slot || value === null || (slot.isVerbatim?.(value) ?? false);
}
