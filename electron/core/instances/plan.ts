import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput, Resources } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { type Serve, serveSchema } from '../../shared/recipes.ts';
import { applySite, type SiteView } from '../../shared/site-policy.ts';
import { checkRecipeLimits } from '../recipes/args.ts';
import type { Recipe, Rendered } from '../recipes/types.ts';
import { planContainer } from '../runtimes/plan-container.ts';
import { mustBeMade, pullFile } from '../runtimes/pull-script.ts';
import { type ContainerPlan, containerFiles } from '../runtimes/wrap.ts';
import { directoryOf } from './directory.ts';
import { chooseLauncher } from './launcher-policy.ts';
import { checkLimits } from './limits-policy.ts';
import { newPort } from './meta.ts';
import { MAX_SOCKET_PATH, prologue, runScript, startScript } from './run-script.ts';
import type { TarFile } from './tar.ts';
import type { InstancesDeps } from './types.ts';

/** Everything about one launch that can be decided before the cluster is touched. */
export interface Plan {
  recipe: Recipe;
  launcher: LauncherName;
  directory: string;
  resources: Resources;
  serve: Serve | null;
  rendered: Rendered;
  /** null: it runs native. */
  container: ContainerPlan | null;
  files: TarFile[];
}

export interface PlanInput {
  id: string;
  input: LaunchInput;
  cluster: Cluster;
  facts: ClusterFacts | null;
  /** On the cluster; `$HOME` where it is not known yet. */
  home: string;
}

/** @throws AppError for a bad argument, an unknown queue, a limit, a missing launcher, a recipe that does not render */
export function planLaunch(deps: Pick<InstancesDeps, 'library' | 'render' | 'launchers'>, request: PlanInput): Plan {
  const { id, input, cluster, home } = request;
  const site = applySite({ cluster, facts: request.facts, keep: [input.resources.queue] });
  const { defaults, facts } = site;
  const recipe = deps.library.get(input.recipe);
  const launcher = chooseLauncher({
    asked: input.launcher,
    clusterDefault: defaults.launcher,
    recipe: recipe.summary.launchers,
    facts,
    recipeName: recipe.summary.name,
    clusterName: cluster.name,
  });
  const resources = withDefaults(input.resources, recipe, site, launcher);
  checkLimits(resources, launcher, facts);
  if (launcher !== 'login') checkRecipeLimits(recipe.summary, input.args, resources);
  const directory = directoryOf(home, id);
  const { transfer } = deps.launchers[launcher];
  const askedDirectory = input.workDirectory || defaults.workDirectory;
  // A job that does not see the home directory has a work directory of its own.
  const workDirectory = transfer && askedDirectory === '' ? '' : absolute(askedDirectory, home);
  const modules = unique([...defaults.modules, ...(recipe.file.needs?.modules ?? []), ...input.modules]);
  const serve = recipe.summary.serves ? (recipe.file.serve ?? serveSchema.parse({})) : null;
  const port = serve?.listen === 'port' ? newPort() : null;
  const rendered = deps.render({
    recipe,
    args: input.args,
    launcher,
    home,
    directory: transfer ? '$TUNEL_DIR' : directory,
    workDirectory: workDirectory || '$TUNEL_DIR/work',
    modules,
    port: port ?? '',
  });
  // A recipe of Tunel's makes its socket by the rendered path; ours take TUNEL_SOCKET, which run.sh keeps short.
  if (serve?.listen === 'socket' && !recipe.file.serve && tooLong(rendered.context.socket)) {
    throw new AppError('path-too-long', `The socket ${rendered.context.socket} would have a path over 100 bytes.`, {
      hint: 'This recipe makes its socket below your home directory there, whose path is too long for one. Let the recipe use $TUNEL_SOCKET.',
    });
  }
  const { environment } = defaults;
  const container = planContainer({
    input,
    container: recipe.file.container,
    cluster,
    facts,
    launcher,
    home,
    modules,
    environment,
    gpus: resources.gpus,
    recipeName: recipe.summary.name,
  });
  const listen = serve?.listen ?? null;
  const script = { id, directory, listen, port, workDirectory, environment, modules, transfer, container };
  const making = container && mustBeMade(container) && { ...container, instanceId: id, directory };
  const files: TarFile[] = [
    text('run.sh', runScript(script), 0o700),
    text('start.sh', startScript(script)),
    text('environment.sh', `${environment}\n`),
    text('script.sh', rendered.script, 0o700),
    ...Object.entries(container ? containerFiles(id, container) : {}).map(([name, content]) => text(name, content)),
    ...(making ? [text('pull.sh', pullFile(making, prologue(script)))] : []),
    ...Object.entries(rendered.secrets).map(([name, value]) => text(`secret-${name}`, value)),
    ...[...recipe.files].map(([name, data]) => ({ name: `files/${relative(name)}`, data, mode: 0o700 })),
  ];
  return { recipe, launcher, directory, resources, serve, rendered, container, files };
}

export const text = (name: string, content: string, mode = 0o600): TarFile => ({
  name,
  data: Buffer.from(content, 'utf8'),
  mode,
});

const tooLong = (path: string): boolean => Buffer.byteLength(path) > MAX_SOCKET_PATH;

const unique = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))];

/** What the form left open comes from the cluster, then from the recipe, else from the site's profile or its scheduler. */
function withDefaults(asked: Resources, recipe: Recipe, site: SiteView, launcher: LauncherName): Resources {
  const { defaults } = site;
  const own = recipe.file.resources ?? {};
  return {
    cpus: asked.cpus ?? own.cpus?.default ?? null,
    memory: asked.memory ?? own.memory?.default ?? null,
    time: asked.time ?? own.time?.default ?? null,
    gpus: asked.gpus ?? own.gpus?.default ?? null,
    gpuType: asked.gpuType,
    queue: asked.queue || defaults.queue || own.queue || (launcher === 'login' ? '' : site.usualQueue),
    account: asked.account || defaults.account,
    nodes: asked.nodes,
    qos: asked.qos,
    options: asked.options,
    array: asked.array,
  };
}

/** `~` and relative paths begin at the home directory. */
function absolute(path: string, home: string): string {
  if (path === '' || path === '~') return home;
  if (path.startsWith('~/')) return `${home}/${path.slice(2)}`;
  return path.startsWith('/') ? path : `${home}/${path}`;
}

function relative(name: string): string {
  const parts = name.split('/');
  if (name.startsWith('/') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new AppError('recipe-invalid', `A file of the recipe has a name that leads out of it: ${name}`);
  }
  return name;
}
