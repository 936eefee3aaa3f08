import type { LaunchInput } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import { UsageError } from './usage-error.ts';

/** Tunel's spelling of recipe arguments: `--x=v` is the string v (which may hold `=`), `--x` alone is true. */
export function parseRecipeArgs(args: readonly string[]): LaunchInput['args'] {
  const values: LaunchInput['args'] = {};
  for (const word of args) {
    const found = /^--([A-Za-z_][A-Za-z0-9_-]*)(?:=([\s\S]*))?$/.exec(word);
    if (!found?.[1]) {
      throw new UsageError(message`“${{ word }}” is no argument of a recipe.`, {
        hint: 'Write --name=value, or --name.',
      });
    }
    values[found[1]] = found[2] ?? true;
  }
  return values;
}
