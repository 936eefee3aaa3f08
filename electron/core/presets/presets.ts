import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { Preset } from '../../shared/presets.ts';
import { resolveLaunchInput } from '../../shared/recipe-name-policy.ts';
import type { Clock } from '../deps.ts';
import type { RecipeLibrary } from '../recipes/types.ts';
import type { Storage } from '../storage/types.ts';

const MOST = 500;

/** Launch values kept by name. A recipe has each name once. */
export function createPresets(deps: {
  storage: Pick<Storage, 'presets' | 'updatePresets'>;
  library: Pick<RecipeLibrary, 'get' | 'resolve'>;
  clock: Clock;
  changed: () => void;
}) {
  const { storage } = deps;
  /** The change sees the presets that are saved now, also by another process. */
  const update = (change: (presets: Preset[]) => Preset[]) => {
    storage.updatePresets(change);
    deps.changed();
  };

  return {
    /** @throws AppError `conflict` where the recipe has the name and it is not to be replaced */
    save({ name, input: given, replace }: { name: string; input: LaunchInput; replace: boolean }): { id: string } {
      const input = resolveLaunchInput(given, (asked) => deps.library.resolve(asked));
      const { summary } = deps.library.get(input.recipe);
      const secret = new Set(summary.args.filter((arg) => arg.type === 'secret').map((arg) => arg.name));
      const args = Object.fromEntries(Object.entries(input.args).filter(([arg]) => !secret.has(arg)));
      let id: string = randomUUID();
      update((presets) => {
        const old = named(presets, name, summary.name);
        if (old && !replace) {
          throw new AppError('conflict', message`${{ title: summary.title }} has a preset “${{ name }}” already.`, {
            hint: 'Replace it, or choose another name.',
          });
        }
        const others = presets.filter((preset) => preset !== old);
        if (others.length >= MOST) {
          throw new AppError('limit-exceeded', message`There are ${{ limit: MOST }} presets already.`, {
            hint: 'Delete some first.',
          });
        }
        id = old?.id ?? id;
        return [...others, { id, name, input: { ...input, recipe: summary.name, args }, savedAt: deps.clock.now() }];
      });
      return { id };
    },
    rename({ id, name }: { id: string; name: string }): void {
      update((presets) => {
        const other = named(presets, name, find(presets, id).input.recipe);
        if (other && other.id !== id) {
          throw new AppError('conflict', message`There is a preset “${{ name }}” already.`, {
            hint: 'Choose another name.',
          });
        }
        return presets.map((old) => (old.id === id ? { ...old, name } : old));
      });
    },
    remove({ id }: { id: string }): void {
      update((presets) => {
        const removed = find(presets, id);
        return presets.filter((preset) => preset !== removed);
      });
    },
  };
}

function find(presets: readonly Preset[], id: string): Preset {
  const preset = presets.find((candidate) => candidate.id === id);
  if (!preset) throw new AppError('not-found', 'This preset was deleted.', { hint: 'Choose another one.' });
  return preset;
}

const named = (presets: readonly Preset[], name: string, recipe: string): Preset | undefined =>
  presets.find((preset) => preset.name === name && preset.input.recipe === recipe);
