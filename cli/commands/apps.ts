import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import { isUp } from '../../electron/shared/instance-policy.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { ended, followLaunch, followLog, isSettled } from '../follow.ts';
import { withCore } from '../open-core.ts';
import { guarded, printJson, printTable, say } from '../output.ts';
import { findCluster, findInstance } from '../places.ts';
import { connected, settled, untilReached } from '../settling.ts';

/** Of a log, what is shown first. */
const TAIL = 256 * 1024;

interface Json {
  json?: boolean;
}
export function appCommands(program: Command): void {
  program
    .command('ps')
    .description('running and ended apps')
    .option('--offline', 'as last seen, without connecting')
    .option('--json', 'as JSON')
    .action((options: Json & { offline?: boolean }) =>
      guarded(options.json === true, () =>
        withCore({ resume: !options.offline, demo: !options.offline }, async (open) => {
          if (!options.offline) await settled(open);
          const { instances } = open.state();
          if (options.json) return printJson(instances);
          printTable(
            ['ID', 'APP', 'CLUSTER', 'STATE', 'JOB', 'NODE'],
            instances.map((app) => [
              app.id,
              app.title,
              app.clusterName,
              app.state,
              app.job?.id ?? '',
              app.job?.node ?? '',
            ]),
          );
        }),
      ),
    );

  program
    .command('logs <id>')
    .description("an app's log")
    .option('-f, --follow', 'go on as it grows')
    .option('--json', 'as JSON')
    .action((id: string, options: Json & { follow?: boolean }) =>
      guarded(options.json === true, () =>
        withCore({ resume: true, demo: true }, async (open) => {
          await connected(open);
          const app = findInstance(open.state(), id);
          if (options.follow) {
            await followLog(open, app.id, -TAIL).catch((error: unknown) => {
              if (AppError.from(error).code !== 'cancelled') throw error;
            });
            return;
          }
          const part = await open.request('instances.log', { id: app.id, offset: -TAIL });
          if (options.json) printJson(part);
          else process.stdout.write(part.text);
        }),
      ),
    );

  program
    .command('open <id>')
    .description('open an app in your browser, through a link only you can use; stays until Ctrl-C')
    .option('--print', 'print the link instead of opening it')
    .option('--json', 'as JSON')
    .action((id: string, options: Json & { print?: boolean }) =>
      guarded(options.json === true, () =>
        withCore({ resume: true, demo: true }, async (open) => {
          const app = findInstance(open.state(), id);
          const ready = await untilReached(open, app, (now) => isUp(now.state) || isSettled(now));
          if (isSettled(ready))
            throw new AppError('not-ready', `${ready.title} is ${ready.state}.`, {
              hint: 'Start it again with: tunel run-app',
            });
          const { url } = await open.request('instances.browserLink', { id: app.id });
          if (options.json) printJson({ id: app.id, url });
          else if (options.print) process.stdout.write(`${url}\n`);
          else {
            openInBrowser(url);
            say(`${app.title} is open in your browser. Ctrl-C closes the tunnel; the app keeps running.`);
          }
          await open
            .until((state) => (ended(findInstance(state, app.id)) ? true : null))
            .catch((error: unknown) => {
              if (AppError.from(error).code !== 'cancelled') throw error;
            });
        }),
      ),
    );

  program
    .command('stop-app <app> [recipe]')
    .description('ask an app to end, by its id or as `stop-app CLUSTER RECIPE`; --now ends it at once')
    .option('--now', 'end it at once, unsaved work is lost')
    .option('--json', 'as JSON')
    .action((name: string, recipe: string | undefined, options: Json & { now?: boolean }) =>
      guarded(options.json === true, () =>
        withCore({ resume: true, demo: true }, async (open) => {
          await connected(open);
          const apps = recipe === undefined ? [findInstance(open.state(), name)] : findApps(open.state(), name, recipe);
          const asked = options.now ? 'instances.end' : 'instances.stop';
          const last = await Promise.all(
            apps.map(async (app) => {
              if (!ended(app)) await open.request(asked, { id: app.id });
              return untilReached(open, app, ended);
            }),
          );
          if (options.json) return printJson(recipe === undefined ? last[0] : last);
          for (const app of last) say(`${app.title} has ${app.state === 'failed' ? 'failed' : 'ended'}.`);
        }),
      ),
    );

  program
    .command('continue <id>')
    .description('continue a launch that was interrupted before it was submitted')
    .option('--json', 'as JSON')
    .action((id: string, options: Json) =>
      guarded(options.json === true, () =>
        withCore({ resume: true, demo: true }, async (open) => {
          const app = findInstance(open.state(), id);
          if (app.state === 'interrupted') await open.request('instances.continue', { id: app.id });
          const now = await followLaunch(open, app.id, { wait: false, quiet: options.json === true });
          if (now.error) throw AppError.revive(now.error);
          if (options.json) printJson(now);
          else say(`${now.title} is ${now.state}${now.job ? ` as job ${now.job.id}` : ''}.`);
        }),
      ),
    );

  program
    .command('forget <id>')
    .description('take an interrupted launch off the list')
    .option('--json', 'as JSON')
    .action((id: string, options: Json) =>
      guarded(options.json === true, () =>
        withCore({ resume: false, demo: false }, async (open) => {
          const app = findInstance(open.state(), id);
          await open.request('instances.forget', { id: app.id });
          if (options.json) printJson({ id: app.id });
          else say(`${app.title} is forgotten.`);
        }),
      ),
    );

  program
    .command('notes <id>')
    .description('what an app tells its user, e.g. a password')
    .option('--show', 'secrets too')
    .option('--json', 'as JSON')
    .action((id: string, options: Json & { show?: boolean }) =>
      guarded(options.json === true, () =>
        withCore({ resume: true, demo: true }, async (open) => {
          const app = findInstance(open.state(), id);
          const reached = await untilReached(open, app, (now) => isUp(now.state) || isSettled(now));
          const notes = await Promise.all(
            (reached.notes ?? []).map(async (note) => {
              if (!note.secret) return note;
              const { value } = options.show
                ? await open.request('instances.note', { id: app.id, label: note.label })
                : note;
              return { ...note, value };
            }),
          );
          if (options.json) return printJson(notes);
          printTable(
            ['NOTE', 'VALUE'],
            notes.map(({ label, value, secret }) => [label, secret && !options.show ? '•••••• (--show)' : value]),
          );
        }),
      ),
    );
}

/** Running apps of one recipe on a cluster, as Tunel names them. */
function findApps(state: EngineState, clusterName: string, recipe: string): Instance[] {
  const clusterId = findCluster(state, clusterName).id;
  const apps = state.instances.filter((app) => app.clusterId === clusterId && !ended(app));
  const exact = apps.filter((app) => app.recipe === recipe);
  const found = exact.length > 0 ? exact : apps.filter((app) => app.recipe.includes(recipe));
  if (found.length > 0) return found;
  throw new AppError('not-found', `Nothing of “${recipe}” runs on ${clusterName}.`, {
    hint: 'See them with: tunel ps',
  });
}

function openInBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => process.stdout.write(`${url}\n`));
  child.unref();
}
