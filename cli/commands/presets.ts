import type { Command } from 'commander';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/presets.ts');

export function declarePresetCommands(program: Command): void {
  const presets = program.command('presets').description('Values of launches, kept by name.');

  presets
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await actions()).listPresets(options)));

  presets
    .command('remove <recipe> <preset>')
    .description('forget one: tunel presets remove jupyter "big memory"')
    .option('--json', 'as JSON')
    .action((recipe: string, name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).removePreset(recipe, name, options)),
    );

  presets
    .command('rename <recipe> <preset> <new-name>')
    .description('give one another name')
    .option('--json', 'as JSON')
    .action((recipe: string, name: string, newName: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).renamePreset(recipe, name, newName, options)),
    );
}
