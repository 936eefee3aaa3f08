import { choiceValue, toBoolean } from './form-policy.ts';
import type { Condition, RecipeArg, RecipeResources } from './recipes.ts';

/** A mistake in what a recipe says of its form, and where it stands in `app.yaml`. */
interface FormProblem {
  path: (string | number)[];
  message: string;
}

/** Conditions that name what is not there or can never hold, circles, and fields that do not go together. */
export function formProblems(args: readonly RecipeArg[], resources: RecipeResources | undefined): FormProblem[] {
  const problems: FormProblem[] = [];
  const byName = new Map(args.map((arg) => [arg.name, arg]));
  const add = (path: (string | number)[], message: string | null) => {
    if (message !== null) problems.push({ path, message });
  };
  const check = (when: Condition, path: (string | number)[], self: string) => {
    if (Object.keys(when).length === 0) add(path, 'A condition names at least one argument.');
    for (const [name, wanted] of Object.entries(when)) {
      add([...path, name], badReference(name, wanted, byName.get(name), self));
    }
  };
  for (const [index, arg] of args.entries()) {
    const at = (...path: (string | number)[]) => ['args', index, ...path];
    if (arg.when) check(arg.when, at('when'), arg.name);
    for (const [number, limit] of (arg.limits ?? []).entries()) {
      check(limit.when, at('limits', number, 'when'), arg.name);
      add(at('limits', number), badLimit(arg, limit));
    }
    if (arg.from && arg.type !== undefined && arg.type !== 'string' && arg.type !== 'path') {
      add(at('from'), `Choices from the cluster are for a string or a path, not for a ${arg.type}.`);
    }
    if (arg.pick && arg.type !== 'path') add(at('pick'), 'A picker is for an argument of type path.');
  }
  for (const [index, limit] of (resources?.limits ?? []).entries()) {
    check(limit.when, ['resources', 'limits', index, 'when'], '');
  }
  for (const circle of circles(args)) {
    const index = args.findIndex((arg) => arg.name === circle[0]);
    add(['args', index, 'when'], `Conditions in a circle: ${[...circle, circle[0]].join(' needs ')}.`);
  }
  return problems;
}

function badReference(
  name: string,
  wanted: Condition[string],
  other: RecipeArg | undefined,
  self: string,
): string | null {
  if (name === self) return `The argument ${name} depends on itself.`;
  if (!other) return `There is no argument ${name}.`;
  if (other.type === 'secret') return `${name} is a secret, and nothing may depend on a secret.`;
  for (const value of Array.isArray(wanted) ? wanted : [wanted]) {
    if (other.type === 'boolean' && toBoolean(value) === null) {
      return `${name} is true or false, and never “${value}”.`;
    }
    if (other.type === 'number' && value !== '' && !Number.isFinite(Number(value))) {
      return `${name} is a number, and never “${value}”.`;
    }
    if (other.type === 'choice' && value !== '') {
      const choices = (other.choices ?? []).map(choiceValue);
      if (!choices.includes(String(value))) return `${name} is never “${value}”: it has ${choices.join(', ')}.`;
    }
  }
  return null;
}

function badLimit(arg: RecipeArg, limit: NonNullable<RecipeArg['limits']>[number]): string | null {
  if (limit.min === undefined && limit.max === undefined && !limit.choices) return 'It limits nothing.';
  if ((limit.min !== undefined || limit.max !== undefined) && arg.type !== 'number') {
    return 'min and max are for a number.';
  }
  const min = limit.min ?? arg.min;
  const max = limit.max ?? arg.max;
  if (min !== undefined && max !== undefined && min > max) return `Nothing is between ${min} and ${max}.`;
  if (!limit.choices) return null;
  if (arg.type !== 'choice') return 'choices are for an argument of type choice.';
  const known = (arg.choices ?? []).map(choiceValue);
  const strange = limit.choices.find((choice) => !known.includes(choice));
  return strange === undefined ? null : `${arg.name} has no choice “${strange}”: it has ${known.join(', ')}.`;
}

/** Each circle of conditions once, beginning with its first argument in the recipe's order. */
function circles(args: readonly RecipeArg[]): string[][] {
  const needs = new Map(args.map((arg) => [arg.name, Object.keys(arg.when ?? {}).filter((name) => name !== arg.name)]));
  const done = new Set<string>();
  const found: string[][] = [];
  for (const { name: start } of args) {
    const path: string[] = [];
    // Without recursion: two hundred arguments in one chain are allowed.
    const work: { name: string; leave: boolean }[] = [{ name: start, leave: false }];
    for (let next = work.pop(); next; next = work.pop()) {
      const { name, leave } = next;
      if (leave) {
        path.pop();
        done.add(name);
        continue;
      }
      if (path.includes(name)) {
        found.push(path.slice(path.indexOf(name)));
        continue;
      }
      if (done.has(name)) continue;
      path.push(name);
      work.push({ name, leave: true });
      for (const other of needs.get(name) ?? []) work.push({ name: other, leave: false });
    }
  }
  return found;
}
