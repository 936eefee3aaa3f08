import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import type { Preset } from '../electron/shared/presets.ts';

/** The preset of a recipe by its name. @throws AppError `not-found` naming those there are */
export function findPreset(presets: readonly Preset[], recipe: string, name: string): Preset {
  const own = presets.filter(({ input }) => input.recipe === recipe);
  const found = own.find((preset) => preset.name === name);
  if (found) return found;
  throw new AppError('not-found', message`${{ recipe }} has no preset “${{ name }}”.`, {
    hint:
      own.length > 0
        ? message`There are: ${{ presets: own.map((preset) => preset.name).join(', ') }}.`
        : message`Keep one with: tunel run-app CLUSTER ${{ recipe }} ... --save-preset NAME`,
  });
}
