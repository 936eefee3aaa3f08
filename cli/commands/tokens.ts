import type { Command } from 'commander';
import type { JournalOptions } from '../actions/journal.ts';
import type { CreateTokenOptions, UpdateTokenOptions } from '../actions/tokens.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/tokens.ts');

export function declareTokenCommands(program: Command): void {
  const tokens = program.command('token').description('What other programs use your signed-in connections with.');

  tokens
    .command('create <name>')
    .description('make one, and print it this once')
    .requiredOption('--scope <scopes>', 'what it allows, separated by commas: read, files, launch, jobs, shell')
    .option('--cluster <clusters>', 'only these clusters, separated by commas; otherwise all that allow the API')
    .option('--expires <time>', 'when it ends, e.g. 12h, 30d or 2027-01-31; never: does not', '30d')
    .option('--limit <limit...>', 'at most: jobs=40 or bytes=50G a day, cpus=8, gpus=1 or hours=12 a job')
    .option('--ask', 'ask you at the first use of each scope')
    .option('--confirm-writes', 'ask you at each write')
    .option('--json', 'as JSON')
    .action((name: string, options: CreateTokenOptions) =>
      runAction(options, async () => (await actions()).createToken(name, options)),
    );

  tokens
    .command('update <token>')
    .description('change its limits or its end, by its name or id')
    .option('--expires <time>', 'when it ends, e.g. 12h, 30d or 2027-01-31; never: does not')
    .option(
      '--limit <limit...>',
      'at most: jobs=40 or bytes=50G a day, cpus=8, gpus=1 or hours=12 a job; jobs=none: any',
    )
    .option('--json', 'as JSON')
    .action((name: string, options: UpdateTokenOptions) =>
      runAction(options, async () => (await actions()).updateToken(name, options)),
    );

  tokens
    .command('list', { isDefault: true })
    .description('list them, without their text')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await actions()).listTokens(options)));

  tokens
    .command('revoke <token>')
    .description('make one invalid at once, by its name or id')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).revokeToken(name, options)),
    );

  declareConsentCommands(tokens);

  program
    .command('journal')
    .description('what clients called: tokens everything, your own what they changed; newest first')
    .option('--token <token>', 'only of this token')
    .option('--cluster <cluster>', 'only on this cluster')
    .option('--failed', 'only what failed or was refused')
    .option('--since <time>', 'since then: 90min, 12h, 7d or a date')
    .option('--limit <count>', 'at most so many', '50')
    .option('--json', 'as JSON')
    .action((options: JournalOptions) =>
      runAction(options, async () => (await import('../actions/journal.ts')).showJournal(options)),
    );
}

/** Answers to calls that wait for the user, where no window does it. */
function declareConsentCommands(tokens: Command): void {
  tokens
    .command('waiting')
    .description('list the calls of programs that wait for your answer')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await actions()).listConsents(options)));

  tokens
    .command('allow <id>')
    .description('let a waiting call pass, and those like it from now on')
    .option('--once', 'only this call')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption & { once?: boolean }) =>
      runAction(options, async () => (await actions()).answerConsent(id, options.once ? 'once' : 'allow', options)),
    );

  tokens
    .command('deny <id>')
    .description('refuse a waiting call')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).answerConsent(id, 'deny', options)),
    );
}
