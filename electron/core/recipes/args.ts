import type { ArgValue } from '../../shared/form-policy.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import { throwFirstProblem } from '../../shared/launch-problems.ts';
import { checkArguments } from '../../shared/launch-validation-policy.ts';
import type { RecipeArg } from '../../shared/recipes.ts';

export type { ArgValue };

/** The values a recipe is rendered with. @throws AppError `bad-input` for the first argument that is not as declared */
export function checkArgs(
  recipe: string,
  declared: readonly RecipeArg[],
  given: LaunchInput['args'],
): Map<string, ArgValue> {
  const { values, problems } = checkArguments(recipe, declared, given);
  throwFirstProblem(problems);
  return values;
}
