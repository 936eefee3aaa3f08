import { AppError } from '../../shared/errors.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import type { RecipeArg } from '../../shared/recipes.ts';

export type ArgValue = string | number | boolean;
const maxArgs = 500;

/** The values a recipe is rendered with: defaults filled in, each checked against its declaration. */
export function checkArgs(
  recipe: string,
  declared: readonly RecipeArg[],
  given: LaunchInput['args'],
): Map<string, ArgValue> {
  const names = Object.keys(given);
  if (names.length > maxArgs)
    throw badArg(recipe, '', `${names.length} arguments were given, at most ${maxArgs} are taken`);
  const values = new Map<string, ArgValue>();
  for (const arg of declared) {
    const value = given[arg.name] ?? arg.default;
    if (value === undefined || value === '') {
      if (arg.required) throw badArg(recipe, arg.name, 'a value is required');
      continue;
    }
    values.set(arg.name, checkArg(recipe, arg, value));
  }
  // Undeclared arguments are passed on, as Tunel does.
  for (const name of names) {
    const value = given[name];
    if (value === undefined || declared.some((arg) => arg.name === name)) continue;
    values.set(name, checkText(recipe, name, value));
  }
  return values;
}

function checkArg(recipe: string, arg: RecipeArg, value: ArgValue): ArgValue {
  checkText(recipe, arg.name, value);
  const fail = (reason: string) => badArg(recipe, arg.name, reason);
  switch (arg.type ?? 'string') {
    case 'number': {
      const number = typeof value === 'number' ? value : Number(value);
      if (typeof value === 'boolean' || !Number.isFinite(number)) throw fail(`“${value}” is not a number`);
      if (arg.min !== undefined && number < arg.min) throw fail(`${number} is less than ${arg.min}`);
      if (arg.max !== undefined && number > arg.max) throw fail(`${number} is more than ${arg.max}`);
      return number;
    }
    case 'boolean': {
      if (typeof value === 'boolean') return value;
      if (/^(true|yes|1)$/i.test(String(value))) return true;
      if (/^(false|no|0)$/i.test(String(value))) return false;
      throw fail(`“${value}” is neither true nor false`);
    }
    case 'choice': {
      const choices = (arg.choices ?? []).map((choice) => (typeof choice === 'string' ? choice : choice.value));
      if (!choices.includes(String(value))) throw fail(`“${value}” is not one of ${choices.join(', ')}`);
      return String(value);
    }
    default: {
      if (arg.pattern !== undefined && !new RegExp(`^(?:${arg.pattern})$`, 'u').test(String(value))) {
        throw fail(`“${value}” does not fit the pattern ${arg.pattern}`);
      }
      return value;
    }
  }
}

function checkText(recipe: string, name: string, value: ArgValue): ArgValue {
  if (typeof value === 'string' && value.includes('\0')) throw badArg(recipe, name, 'it has a NUL character');
  return value;
}

function badArg(recipe: string, name: string, reason: string): AppError {
  const subject = name === '' ? `Recipe “${recipe}”` : `Argument “${name}” of recipe “${recipe}”`;
  return new AppError('bad-input', `${subject}: ${reason}.`, { hint: 'Change it in the form, then launch again.' });
}
