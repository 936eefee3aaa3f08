import type { Command } from 'commander';
import type { EventsOptions } from '../actions/events.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

/** What concerns Tunel itself: settings, notices and what happened. */
export function declareSettingsCommands(program: Command): void {
  const settingsActions = () => import('../actions/settings.ts');
  const settings = program.command('settings').description('The settings of Tunel, also of the desktop app.');
  settings
    .command('list', { isDefault: true })
    .description('each with its value')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await settingsActions()).listSettings(options)));
  settings
    .command('set <setting> <value>')
    .description('change one: tunel settings set theme dark')
    .option('--json', 'as JSON')
    .action((name: string, value: string, options: JsonOption) =>
      runAction(options, async () => (await settingsActions()).setSetting(name, value, options)),
    );

  const noticeActions = () => import('../actions/notices.ts');
  const notices = program.command('notices').description('What you should know of Tunel itself, e.g. a damaged file.');
  notices
    .command('ls', { isDefault: true })
    .description('list them')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await noticeActions()).listNotices(options)));
  notices
    .command('dismiss <notice>')
    .description('do not show one any more, here and in the desktop app')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await noticeActions()).dismissNotice(id, options)),
    );

  program
    .command('events')
    .description('what happened to apps, jobs and clusters: ready, failed, ten minutes left, sign-in needed, ...')
    .option('-f, --follow', 'go on as it happens, until Ctrl-C')
    .option('--limit <n>', 'at most so many of the past, up to 500', '50')
    .option('--json', 'as JSON; with --follow one line each')
    .action((options: EventsOptions) =>
      runAction(options, async () => (await import('../actions/events.ts')).showEvents(options)),
    );
}
