import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import type { Preset } from '../../electron/shared/presets.ts';
import { withCore } from '../open-core.ts';
import { guarded, printJson, printTable, say } from '../output.ts';

const idle = { resume: false, demo: false };

/** The preset of a recipe by its name; the recipe may be a part of its name that fits one only. */
export function findPreset(
  presets: readonly Preset[],
  recipes: readonly string[],
  recipe: string,
  name: string,
): Preset {
  const partly = recipes.filter((known) => known.includes(recipe));
  const whole = recipes.includes(recipe) || partly.length !== 1 ? recipe : partly[0];
  const own = presets.filter(({ input }) => input.recipe === whole);
  const found = own.find((preset) => preset.name === name);
  if (found) return found;
  throw new AppError('not-found', `${whole} has no preset “${name}”.`, {
    hint:
      own.length > 0
        ? `There are: ${own.map((preset) => preset.name).join(', ')}.`
        : `Keep one with: tunel run-app CLUSTER ${whole} ... --save-preset NAME`,
  });
}

export function presetCommands(program: Command): void {
  const presets = program.command('presets').description('Values of launches, kept by name.');

  presets
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) =>
      guarded(json === true, () =>
        withCore(idle, async ({ state }) => {
          const { presets: kept, clusters } = state();
          if (json) return printJson(kept);
          const clusterOf = (id: string) => clusters.find(({ cluster }) => cluster.id === id)?.cluster.name ?? '';
          printTable(
            ['RECIPE', 'NAME', 'CLUSTER', 'VALUES'],
            kept.map(({ name, input }) => [
              input.recipe,
              name,
              clusterOf(input.clusterId),
              Object.entries(input.args)
                .map(([arg, value]) => `--${arg}=${value}`)
                .join(' '),
            ]),
          );
        }),
      ),
    );

  presets
    .command('remove <recipe> <name>')
    .description('forget one: tunel presets remove jupyter "big memory"')
    .action((recipe: string, name: string) =>
      guarded(false, () =>
        withCore(idle, async ({ state, request }) => {
          const { presets: kept, recipes } = state();
          const found = findPreset(
            kept,
            recipes.list.map((known) => known.name),
            recipe,
            name,
          );
          await request('presets.remove', { id: found.id });
          say(`The preset ${name} of ${found.input.recipe} is removed.`);
        }),
      ),
    );
}
