import { fitsPattern, maxPatternValue } from './pattern.ts';
import type { Condition, RecipeArg, RecipeResources } from './recipes.ts';

/** A recipe's argument as it is typed or sent. */
export type ArgValue = string | number | boolean;
type ArgValues = Readonly<Record<string, ArgValue | undefined>>;

/** Of the values' own names only: an argument may be called `constructor`. */
export const given = (values: ArgValues, name: string): ArgValue | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

export const choiceValue = (choice: string | { value: string }): string =>
  typeof choice === 'string' ? choice : choice.value;

/** A boolean as it may be written; null: it is none. */
export function toBoolean(value: ArgValue): boolean | null {
  if (typeof value === 'boolean') return value;
  if (/^(true|yes|1)$/i.test(String(value))) return true;
  return /^(false|no|0)$/i.test(String(value)) ? false : null;
}

/** Whether two values of an argument are the same, however they are written. */
function same(arg: RecipeArg, one: ArgValue, other: ArgValue): boolean {
  if (arg.type === 'boolean') return toBoolean(one) === toBoolean(other);
  if (arg.type === 'number' && one !== '' && other !== '') return Number(one) === Number(other);
  return String(one) === String(other);
}

/** The value a condition sees: the given one, else the default; a boolean without any is false, others are empty. */
function effective(arg: RecipeArg, values: ArgValues): ArgValue {
  const value = given(values, arg.name) ?? arg.default ?? '';
  return arg.type === 'boolean' && value === '' ? false : value;
}

interface Seen {
  arg: (name: string) => RecipeArg | undefined;
  values: ArgValues;
  isShown: (name: string) => boolean;
}

/** All parts must hold. What is not shown has no value, so nothing holds of it. */
function holds(condition: Condition, { arg, values, isShown }: Seen): boolean {
  return Object.entries(condition).every(([name, wanted]) => {
    const other = arg(name);
    if (!other || !isShown(name)) return false;
    const value = effective(other, values);
    return (Array.isArray(wanted) ? wanted : [wanted]).some((one) => same(other, value, one));
  });
}

function look(args: readonly RecipeArg[], values: ArgValues): Seen {
  const byName = new Map(args.map((arg) => [arg.name, arg]));
  const known = new Map<string, boolean>();
  const seen: Seen = {
    arg: (name) => byName.get(name),
    values,
    isShown(name) {
      const before = known.get(name);
      if (before !== undefined) return before;
      // Conditions in a circle, which a recipe is refused for, hold nowhere.
      known.set(name, false);
      const when = byName.get(name)?.when;
      const shown = when === undefined || holds(when, seen);
      known.set(name, shown);
      return shown;
    },
  };
  return seen;
}

const highest = (...values: (number | undefined)[]) => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};
const lowest = (...values: (number | undefined)[]) => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

function narrowed<A extends RecipeArg>(arg: A, seen: Seen): A {
  const now = (arg.limits ?? []).filter((limit) => holds(limit.when, seen));
  if (now.length === 0) return arg;
  const min = highest(arg.min, ...now.map((limit) => limit.min));
  const max = lowest(arg.max, ...now.map((limit) => limit.max));
  const left = now.flatMap((limit) => (limit.choices ? [new Set(limit.choices)] : []));
  const choices = arg.choices?.filter((choice) => left.every((set) => set.has(choiceValue(choice))));
  return { ...arg, ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(choices && { choices }) };
}

/** The arguments that are asked for and sent with these values, each with the limits and choices it has then. */
export function formFields<A extends RecipeArg>(args: readonly A[], values: ArgValues): A[] {
  const seen = look(args, values);
  return args.filter((arg) => seen.isShown(arg.name)).map((arg) => narrowed(arg, seen));
}

/** What a recipe lets be asked of a scheduler with these values. */
export function resourceLimits(
  recipe: { args: readonly RecipeArg[]; resources: RecipeResources },
  values: ArgValues,
): RecipeResources {
  const { resources } = recipe;
  if (!resources.limits) return resources;
  const seen = look(recipe.args, values);
  const now = resources.limits.filter((limit) => holds(limit.when, seen));
  const less = (key: 'cpus' | 'memory' | 'time' | 'gpus') => {
    const max = lowest(resources[key]?.max, ...now.map((limit) => limit[key]?.max));
    return max === undefined ? {} : { [key]: { ...resources[key], max } };
  };
  return { ...resources, ...less('cpus'), ...less('memory'), ...less('time'), ...less('gpus') };
}

/** What is wrong with a value, for whoever says it in words. */
export type ValueProblem =
  | { kind: 'needed' }
  | { kind: 'nul' }
  | { kind: 'not-a-number' }
  | { kind: 'less'; min: number }
  | { kind: 'more'; max: number }
  | { kind: 'not-yes-or-no' }
  | { kind: 'not-a-choice'; choices: string[] }
  | { kind: 'too-long'; max: number }
  | { kind: 'pattern'; pattern: string };

/** A value as it is sent (null: none), or what is wrong with it. `arg` is one of `formFields`. */
export function checkValue(
  arg: RecipeArg,
  value: ArgValue | undefined,
): { value: ArgValue | null } | { problem: ValueProblem } {
  const fail = (problem: ValueProblem) => ({ problem });
  if (value === undefined || value === '') return arg.required ? fail({ kind: 'needed' }) : { value: null };
  if (typeof value === 'string' && value.includes('\0')) return fail({ kind: 'nul' });
  if (arg.required && String(value).trim() === '') return fail({ kind: 'needed' });
  switch (arg.type) {
    case 'number': {
      const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
      if (typeof value === 'boolean' || !Number.isFinite(number)) return fail({ kind: 'not-a-number' });
      if (arg.min !== undefined && number < arg.min) return fail({ kind: 'less', min: arg.min });
      if (arg.max !== undefined && number > arg.max) return fail({ kind: 'more', max: arg.max });
      return { value: number };
    }
    case 'boolean': {
      const truth = toBoolean(value);
      return truth === null ? fail({ kind: 'not-yes-or-no' }) : { value: truth };
    }
    case 'choice': {
      const choices = (arg.choices ?? []).map(choiceValue);
      return choices.includes(String(value)) ? { value: String(value) } : fail({ kind: 'not-a-choice', choices });
    }
    default: {
      const fits = arg.pattern === undefined || fitsPattern(arg.pattern, String(value));
      if (fits === 'too-long') return fail({ kind: 'too-long', max: maxPatternValue });
      return fits ? { value } : fail({ kind: 'pattern', pattern: arg.pattern ?? '' });
    }
  }
}
