import type { Command } from 'commander';
import type { SaveTemplateOptions, UseTemplateOptions } from '../actions/job-templates.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';
import { declareResourceOptions } from '../resource-options.ts';

const actions = () => import('../actions/job-templates.ts');

/** Templates of jobs, below `tunel jobs`. */
export function declareJobTemplateCommands(jobs: Command): void {
  const templates = jobs.command('templates').description('Jobs that are kept by name, to make others from.');
  templates
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'as JSON, with their scripts')
    .action((options: JsonOption) => runAction(options, async () => (await actions()).listTemplates(options)));
  templates
    .command('show <template>')
    .description('its script')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).showTemplate(name, options)),
    );
  templates
    .command('save <template> <job>')
    .description('keep the script and resources of a job under a name: tunel jobs templates save "nightly fit" abcd')
    .option('--input <file...>', 'small files for the directory of each job of it')
    .option('--replace', 'also over the template of that name')
    .option('--json', 'as JSON')
    .action((name: string, job: string, options: SaveTemplateOptions) =>
      runAction(options, async () => (await actions()).saveTemplate(name, job, options)),
    );
  declareResourceOptions(
    templates
      .command('use <template> [name]')
      .description('make a job of one, with its files; options replace what it asks for'),
    { title: false },
  )
    .option('--cluster <cluster>', 'on this cluster instead of its own')
    .option('--submit', 'submit it at once')
    .option('--json', 'as JSON')
    .action((template: string, name: string | undefined, options: UseTemplateOptions) =>
      runAction(options, async () => (await actions()).useTemplate(template, name, options)),
    );
  templates
    .command('rename <template> <new-name>')
    .description('give one another name')
    .option('--json', 'as JSON')
    .action((name: string, newName: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).renameTemplate(name, newName, options)),
    );
  templates
    .command('remove <template>')
    .description('forget one, by its whole name or id; jobs that were made from it stay')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).removeTemplate(name, options)),
    );
}
