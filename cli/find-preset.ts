import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import type { Preset } from '../electron/shared/presets.ts';

/** The preset of a recipe by its name; the recipe may be a part of its name that fits one only. */
export function findPreset(
  presets: readonly Preset[],
  recipes: readonly string[],
  recipe: string,
  name: string,
): Preset {
  const partly = recipes.filter((known) => known.includes(recipe));
  const [only = recipe] = partly;
  const whole = recipes.includes(recipe) || partly.length !== 1 ? recipe : only;
  const own = presets.filter(({ input }) => input.recipe === whole);
  const found = own.find((preset) => preset.name === name);
  if (found) return found;
  throw new AppError('not-found', message`${{ recipe: whole }} has no preset “${{ name }}”.`, {
    hint:
      own.length > 0
        ? message`There are: ${{ presets: own.map((preset) => preset.name).join(', ') }}.`
        : message`Keep one with: tunel run-app CLUSTER ${{ recipe: whole }} ... --save-preset NAME`,
  });
}
