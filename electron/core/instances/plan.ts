import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput, Resources } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { Serve } from '../../shared/recipes.ts';
import { applySite, type SiteView } from '../../shared/site-policy.ts';
import { checkRecipeLimits } from '../recipes/args.ts';
import { signInOf } from '../recipes/legacy/launch-policy.ts';
import { type Asked, askedByRecipe } from '../recipes/legacy/request-policy.ts';
import { aroundScript, needsAround } from '../recipes/legacy/script.ts';
import { renderLaunch } from '../recipes/render-launch.ts';
import type { Recipe, Rendered } from '../recipes/types.ts';
import { planContainer } from '../runtimes/plan-container.ts';
import { mustBeMade, pullFile } from '../runtimes/pull-script.ts';
import { type ContainerPlan, containerFiles } from '../runtimes/wrap.ts';
import { directoryOf } from './directory.ts';
import { chooseLauncher } from './launcher-policy.ts';
import { checkLimits } from './limits-policy.ts';
import { newInstanceId, newPort } from './meta.ts';
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
  /** Of a recipe of Tunel's: what is to be done and known when it is ready; null: a recipe of ours. */
  after: { post: string; userPass: boolean } | null;
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
  const directory = directoryOf(home, id);
  const { transfer } = deps.launchers[launcher];
  const askedDirectory = input.workDirectory || defaults.workDirectory;
  // A job that does not see the home directory has a work directory of its own.
  const workDirectory = transfer && askedDirectory === '' ? '' : absolute(askedDirectory, home);
  const modules = unique([...defaults.modules, ...(recipe.file.needs?.modules ?? []), ...input.modules]);
  const isSent = transfer !== undefined;
  const launch = { id, recipe, input, launcher, facts, home, directory, isSent, workDirectory, modules };
  const made = renderLaunch(deps.render, { ...launch, random: newInstanceId(), newPort });
  const { rendered, legacy, port } = made;
  let { serve } = made;
  const signIn = signInOf(rendered.script);
  if (legacy && serve?.protocol === 'http') serve = { ...serve, token: signIn.token };
  const after = legacy && { post: recipe.file.commands?.post ?? '', userPass: signIn.userPass };
  const asked = legacy ? askedByRecipe(launcher, rendered.script, input.args) : null;
  const resources = withDefaults(input.resources, recipe, site, launcher, asked);
  checkLimits(resources, launcher, facts);
  if (launcher !== 'login') checkRecipeLimits(recipe.summary, input.args, resources);
  // Without `serve` a script of ours may use either way to its socket; TUNEL_SOCKET is kept short by run.sh.
  if (serve?.listen === 'socket' && !recipe.file.serve && !legacy && tooLong(rendered.context.socket)) {
    throw new AppError('path-too-long', `The socket ${rendered.context.socket} would have a path over 100 bytes.`, {
      hint: 'This recipe makes its socket below your home directory there, whose path is too long for one. Let the recipe use $TUNEL_SOCKET.',
    });
  }
  const { environment } = defaults;
  // Where its script calls the container program, the choice was which of them.
  const runsOne = legacy?.as && input.image === '';
  const container = planContainer({
    input: runsOne ? { ...input, runtime: 'native' } : input,
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
  const script = { id, directory, listen, port, workDirectory, environment, modules, transfer, container, legacy };
  const making = container && mustBeMade(container) && { ...container, instanceId: id, directory };
  const files: TarFile[] = [
    text('run.sh', runScript(script), 0o700),
    text('start.sh', startScript(script)),
    text('environment.sh', `${environment}\n`),
    text('script.sh', rendered.script, 0o700),
    ...(legacy && needsAround(legacy) ? [text('around.sh', aroundScript(legacy))] : []),
    ...Object.entries(container ? containerFiles(id, container) : {}).map(([name, content]) => text(name, content)),
    ...(making ? [text('pull.sh', pullFile(making, prologue(script)))] : []),
    ...Object.entries(rendered.secrets).map(([name, value]) => text(`secret-${name}`, value)),
    ...[...recipe.files].map(([name, data]) => ({ name: `files/${relative(name)}`, data, mode: 0o700 })),
  ];
  return { recipe, launcher, directory, resources, serve, rendered, after, container, files };
}

export const text = (name: string, content: string, mode = 0o600): TarFile => ({
  name,
  data: Buffer.from(content, 'utf8'),
  mode,
});

const tooLong = (path: string): boolean => Buffer.byteLength(path) > MAX_SOCKET_PATH;

const unique = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))];

/**
 * What the form left open comes from the cluster, then from the recipe (of Tunel's: from what its script asks), else from
 * the site's profile or its scheduler.
 */
function withDefaults(
  form: Resources,
  recipe: Recipe,
  site: SiteView,
  launcher: LauncherName,
  asked: Asked | null,
): Resources {
  const { defaults } = site;
  const own = recipe.file.resources ?? {};
  const gpus = form.gpus ?? own.gpus?.default ?? null;
  return {
    cpus: form.cpus ?? own.cpus?.default ?? asked?.cpus ?? null,
    memory: form.memory ?? own.memory?.default ?? asked?.memory ?? null,
    time: form.time ?? own.time?.default ?? asked?.time ?? null,
    gpus: gpus ?? asked?.gpus ?? null,
    gpuType: form.gpuType || (gpus === null ? (asked?.gpuType ?? '') : ''),
    queue: form.queue || defaults.queue || own.queue || asked?.queue || (launcher === 'login' ? '' : site.usualQueue),
    account: form.account || defaults.account || asked?.account || '',
    nodes: form.nodes ?? asked?.nodes ?? null,
    qos: form.qos || asked?.qos || '',
    options: [...(asked?.options ?? []), ...form.options],
    array: form.array || asked?.array || '',
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
