import type { Command } from 'commander';
import type { LogOptions, StopEngineOptions } from '../actions/engine.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/engine.ts');

export function declareEngineCommands(program: Command): void {
  const engine = program.command('engine').description('The process that connects to clusters for every command.');

  engine
    .command('status', { isDefault: true })
    .description('which engine runs, and what is live in it')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await actions()).showStatus(options)));

  engine
    .command('start')
    .description('starts it in the background, if none runs')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await actions()).startEngine(options)));

  engine
    .command('stop')
    .description('ends it; apps run on, sign-ins are needed again')
    .option('--force', 'although clusters are connected or something is open')
    .option('--json', 'as JSON')
    .action((options: StopEngineOptions) => runAction(options, async () => (await actions()).stopEngine(options)));

  engine
    .command('log')
    .description('what the engine in the background has logged')
    .option('-f, --follow', 'go on as it grows')
    .action((options: LogOptions) => runAction({}, async () => (await actions()).printEngineLog(options)));

  program
    .command('api')
    .description('What programs can ask the engine for.')
    .command('openapi')
    .description('prints the description of its socket as OpenAPI 3.1')
    .action(() => runAction({}, async () => (await import('../local/openapi.ts')).printOpenApi()));
}
