import { AppError } from '../../shared/errors.ts';
import {
  type ArgValue,
  checkValue,
  formFields,
  given as givenValue,
  resourceLimits,
  type ValueProblem,
} from '../../shared/form-policy.ts';
import type { LaunchInput, Resources } from '../../shared/instances.ts';
import type { RecipeArg, RecipeSummary } from '../../shared/recipes.ts';

export type { ArgValue };

const maxArgs = 500;

/**
 * The values a recipe is rendered with: defaults filled in, each checked against its declaration as it is with the others'
 * values. An argument whose condition does not hold has no value, whatever was given for it.
 */
export function checkArgs(
  recipe: string,
  declared: readonly RecipeArg[],
  given: LaunchInput['args'],
): Map<string, ArgValue> {
  const names = Object.keys(given);
  if (names.length > maxArgs)
    throw badArg(recipe, '', `${names.length} arguments were given, at most ${maxArgs} are taken`);
  const values = new Map<string, ArgValue>();
  for (const arg of formFields(declared, given)) {
    const value = givenValue(given, arg.name) ?? arg.default;
    const checked = checkValue(arg, value);
    if ('problem' in checked) throw badArg(recipe, arg.name, words(checked.problem, shown(arg, value)));
    if (checked.value !== null) values.set(arg.name, checked.value);
  }
  // Undeclared arguments are passed on, as Tunel does.
  for (const name of names) {
    const value = given[name];
    if (value === undefined || declared.some((arg) => arg.name === name)) continue;
    if (typeof value === 'string' && value.includes('\0')) throw badArg(recipe, name, words({ kind: 'nul' }, ''));
    values.set(name, value);
  }
  return values;
}

const resourceWords = {
  cpus: (limit: number) => `at most ${limit} CPUs`,
  memory: (limit: number) => `at most ${limit} MiB of memory`,
  time: (limit: number) => `at most ${limit} minutes`,
  gpus: (limit: number) => (limit === 0 ? 'no GPU' : `at most ${limit} GPUs`),
} as const;
const limited = ['cpus', 'memory', 'time', 'gpus'] as const;

/** @throws AppError `limit-exceeded` where more is asked for than the recipe takes with these arguments */
export function checkRecipeLimits(recipe: RecipeSummary, args: LaunchInput['args'], resources: Resources): void {
  const limits = resourceLimits(recipe, args);
  for (const key of limited) {
    const max = limits[key]?.max;
    const asked = resources[key];
    if (max === undefined || asked === null || asked <= max) continue;
    const message = `${recipe.title} takes ${resourceWords[key](max)}, and ${asked} were asked for.`;
    throw new AppError('limit-exceeded', message, { hint: 'Ask for less.' });
  }
}

/** A value as an error quotes it: errors go to the screen and the log. */
function shown(arg: RecipeArg, value: ArgValue | undefined): string {
  if (arg.type === 'secret') return '***';
  const text = String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function words(problem: ValueProblem, value: string): string {
  switch (problem.kind) {
    case 'needed':
      return 'a value is required';
    case 'nul':
      return 'it has a NUL character';
    case 'not-a-number':
      return `“${value}” is not a number`;
    case 'less':
      return `${value} is less than ${problem.min}`;
    case 'more':
      return `${value} is more than ${problem.max}`;
    case 'not-yes-or-no':
      return `“${value}” is neither true nor false`;
    case 'not-a-choice':
      return `“${value}” is not one of ${problem.choices.join(', ')}`;
    case 'too-long':
      return `it has more than ${problem.max} characters`;
    case 'pattern':
      return `“${value}” does not fit the pattern ${problem.pattern}`;
  }
}

function badArg(recipe: string, name: string, reason: string): AppError {
  const subject = name === '' ? `Recipe “${recipe}”` : `Argument “${name}” of recipe “${recipe}”`;
  return new AppError('bad-input', `${subject}: ${reason}.`, { hint: 'Change it in the form, then launch again.' });
}
