import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { isOver } from '../../electron/core/instances/instance-state.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { type Instance, launchInputSchema } from '../../electron/shared/instances.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { parseArgValues } from '../arg-values.ts';
import { type OpenCore, withCore } from '../open-core.ts';
import { guarded, printJson, printTable, say } from '../output.ts';
import { connected, settled, untilReached } from '../settling.ts';
import { fromTunel, spelledLauncher } from '../tunel-spelling.ts';
import { findCluster } from './clusters.ts';
import { showSteps } from './steps.ts';

interface Json {
  json?: boolean;
}
interface RunOptions extends Json {
  launcher?: string;
  wait?: boolean;
  cpus?: string;
  memory?: string;
  time?: string;
  gpus?: string;
  queue?: string;
  account?: string;
  title?: string;
}

/** A running app by its id or a part of it that fits one only. */
export function findInstance(state: EngineState, id: string): Instance {
  const found = state.instances.filter((instance) => instance.id.startsWith(id));
  if (found.length === 1 && found[0]) return found[0];
  throw new AppError('not-found', found.length === 0 ? `There is no app “${id}”.` : `“${id}” fits several apps.`, {
    hint: 'See them with: tunel ps',
  });
}

const whole = (value: string | undefined) => (value === undefined ? null : Number(value));
const ended = (instance: Instance) => isOver(instance.state);
/** Past the point where the app lives on without us. */
const submitted = (instance: Instance) => instance.job !== null || instance.state === 'ready' || ended(instance);

export function appCommands(program: Command): void {
  program
    .command('run-app <cluster> <recipe> [args...]')
    .description('start an app: tunel run-app hpc jupyter --launcher=slurm --interface=lab')
    .option('--launcher <name>', 'login, slurm, htcondor, ...; also singularity, docker, podman, condor')
    .option('--wait', 'wait until it is ready')
    .option('--cpus <n>')
    .option('--memory <MiB>')
    .option('--time <minutes>')
    .option('--gpus <n>')
    .option('--queue <name>')
    .option('--account <name>')
    .option('--title <text>', 'what you call it')
    .option('--json', 'as JSON')
    .allowUnknownOption()
    .action((clusterName: string, recipe: string, words: string[], options: RunOptions) =>
      guarded(options.json === true, () =>
        withCore({ resume: false, demo: clusterName === 'demo' }, async (open) => {
          const { recipes } = open.state();
          const names = recipes.list.map(({ name }) => name);
          const spelled = fromTunel(recipe, parseArgValues(words), names);
          const input = launchInputSchema.safeParse({
            ...spelled,
            clusterId: findCluster(open.state(), clusterName).id,
            ...(options.launcher === undefined ? {} : launcherAsked(options.launcher)),
            resources: {
              cpus: whole(options.cpus),
              memory: whole(options.memory),
              time: whole(options.time),
              gpus: whole(options.gpus),
              queue: options.queue ?? '',
              account: options.account ?? '',
            },
            title: options.title ?? '',
          });
          if (!input.success) {
            const words = input.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
            throw new AppError('bad-input', words, { hint: 'See: tunel run-app --help' });
          }
          const { id } = await open.request('instances.launch', input.data);
          const instance = await follow(open, id, options);
          if (instance.error) throw AppError.revive(instance.error);
          if (options.json) printJson(instance);
          else say(`${instance.title} is ${instance.state}: ${id}. Open it with: tunel open ${id}`);
        }),
      ),
    );

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
          const stop = open.core.onLog((event) => {
            if (event.id === app.id && options.follow) process.stdout.write(event.text);
          });
          const part = await open.request('instances.log', { id: app.id, offset: -256 * 1024 });
          if (options.json) printJson(part);
          else process.stdout.write(part.text);
          if (options.follow) await followLog(open, app.id);
          stop();
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
          const ready = await untilReached(open, app, (now) => now.state === 'ready' || ended(now));
          if (ended(ready))
            throw new AppError('not-ready', `${ready.title} is ${ready.state}.`, {
              hint: 'Start it again with: tunel run-app',
            });
          const { url } = await open.request('instances.browserLink', { id: app.id });
          if (options.json) printJson({ id: app.id, url });
          else if (options.print) process.stdout.write(`${url}\n`);
          else {
            openInBrowser(url);
            say(`${app.title} is open in your browser. Ctrl-C closes the way to it; the app runs on.`);
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
    .command('notes <id>')
    .description('what an app tells its user, e.g. a password')
    .option('--show', 'secrets too')
    .option('--json', 'as JSON')
    .action((id: string, options: Json & { show?: boolean }) =>
      guarded(options.json === true, () =>
        withCore({ resume: true, demo: true }, async (open) => {
          const app = findInstance(open.state(), id);
          const reached = await untilReached(open, app, (now) => now.state === 'ready' || ended(now));
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

function launcherAsked(name: string): ReturnType<typeof spelledLauncher> {
  const asked = spelledLauncher(name);
  if (asked.launcher !== '') return asked;
  throw new AppError('bad-input', `There is no launcher “${name}”.`, { hint: 'See: tunel info RECIPE' });
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

/** Shows the steps of a launch; resolves when it is submitted, or ready with `--wait`. */
async function follow(open: OpenCore, id: string, options: RunOptions): Promise<Instance> {
  const stop = options.json ? () => {} : showSteps(open, id);
  try {
    return await open.until((state) => {
      const now = findInstance(state, id);
      return ended(now) || now.state === 'ready' || (!options.wait && submitted(now)) ? now : null;
    });
  } catch (error) {
    // Ctrl-C before the app lives on its own: nothing half-started stays behind.
    if (!submitted(findInstance(open.state(), id))) await open.request('instances.stop', { id });
    throw error;
  } finally {
    stop();
  }
}

async function followLog(open: OpenCore, id: string): Promise<void> {
  const renewal = setInterval(() => {
    // Reading keeps log events coming; a lost connection shows in the app's state.
    open.request('instances.log', { id, offset: -1 }).catch(() => {});
  }, 10_000);
  try {
    await open.until((state) => (ended(findInstance(state, id)) ? true : null));
  } catch (error) {
    if (AppError.from(error).code !== 'cancelled') throw error;
  } finally {
    clearInterval(renewal);
  }
}

function openInBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => process.stdout.write(`${url}\n`));
  child.unref();
}
