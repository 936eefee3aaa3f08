import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { starterKinds, writeStarter } from '../../electron/core/folders/starter.ts';
import { guarded, printJson, say } from '../output.ts';
import { cliPaths } from '../paths.ts';

export function newCommand(program: Command): void {
  program
    .command('new <kind> <name>')
    .description(`writes a small app with its recipe, tests and README: ${starterKinds.join(', ')}`)
    .addOption(new Option('--in <dir>', 'where its folder is made').default('.'))
    .option('--json', 'as JSON')
    .action((kind: string, name: string, options: { in: string; json?: boolean }) =>
      guarded(options.json === true, async () => {
        const made = writeStarter(cliPaths().recipes, kind, name, resolve(options.in));
        if (options.json) return printJson(made);
        say(`${made.path} is made: ${made.files.join(', ')}`);
        say(`Its tests:    cd ${name} && python3 -m unittest`);
        say(`On a cluster: tunel folder add ${name}/files, then tunel run-app CLUSTER folders/...`);
      }),
    );
}
