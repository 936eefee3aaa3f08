import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput, Resources } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { completeResources, modulesToLoad } from '../../shared/launch-defaults-policy.ts';
import { launchError, throwFirstProblem } from '../../shared/launch-problems.ts';
import { chooseLauncherFor, type LaunchTarget, launchTarget } from '../../shared/launch-target.ts';
import { validateLaunch } from '../../shared/launch-validation-policy.ts';
import { message } from '../../shared/messages.ts';
import type { Serve } from '../../shared/recipes.ts';
import { schedulerFacts } from '../../shared/site-policy.ts';
import type { SchedulerFacts } from '../../shared/sites.ts';
import type { Transfer } from '../launchers/common/launcher.ts';
import { signInOf } from '../recipes/legacy/launch-policy.ts';
import { askedByRecipe, withOwnScript } from '../recipes/legacy/request-policy.ts';
import { aroundScript, needsAround } from '../recipes/legacy/script.ts';
import { type RenderedLaunch, renderLaunch } from '../recipes/render-launch.ts';
import type { Recipe, RecipeLibrary, Rendered } from '../recipes/types.ts';
import { planContainer } from '../runtimes/plan-container.ts';
import { mustBeMade, pullFile } from '../runtimes/pull-script.ts';
import { type ContainerPlan, containerFiles } from '../runtimes/wrap.ts';
import { directoryOf } from './directory.ts';
import { newInstanceId, newPort } from './meta.ts';
import { MAX_SOCKET_PATH, prologue, type RunScriptInput, runScript, startScript } from './run-script.ts';
import type { TarFile } from './tar.ts';
import type { InstancesDeps, KeptJob } from './types.ts';

/** Everything about one launch that can be decided before the cluster is touched. */
export interface Plan {
  recipe: Recipe;
  launcher: LauncherName;
  directory: string;
  /** Where its script runs, as the user sees it. */
  workDirectory: string;
  /** null: it has no directory of its own besides that of the instance. */
  job: KeptJob | null;
  resources: Resources;
  site: SchedulerFacts | undefined;
  serve: Serve | null;
  rendered: Rendered;
  /** Of a legacy recipe: what is done and known when it is ready; null: not a legacy recipe. */
  after: { post: string; userPass: boolean } | null;
  /** null: it runs native. */
  container: ContainerPlan | null;
  files: TarFile[];
}

interface PlanInput {
  id: string;
  input: LaunchInput;
  cluster: Cluster;
  facts: ClusterFacts | null;
  /** On the cluster; `$HOME` where it is not known yet. */
  home: string;
  /** null: it has no directory of its own besides that of the instance. */
  job?: KeptJob | null;
}

type PlanDeps = Pick<InstancesDeps, 'render' | 'launchers'> & { library: Pick<RecipeLibrary, 'get'> };

/** What each step of a plan needs. */
interface Context extends PlanInput {
  recipe: Recipe;
  target: LaunchTarget;
  launcher: LauncherName;
  directory: string;
  /** Absolute; empty: `work` of the job's own directory. */
  workDirectory: string;
  modules: string[];
  /** Files and results travel with the job, which does not see the home directory. */
  transfer: Transfer | undefined;
  job: KeptJob | null;
}

/** @throws AppError for a bad argument, an unknown queue, a limit, a missing launcher, a recipe that does not render */
export function planLaunch(deps: PlanDeps, request: PlanInput): Plan {
  const context = planContext(deps, request);
  const { recipe, launcher, directory } = context;
  const launch = renderContext(deps, context);
  const { rendered, legacy } = launch;
  const serve = withSignIn(launch);
  const resources = planResources(context, launch);
  checkSocketPath(serve, launch, recipe);
  const container = planContextContainer(context, launch, resources);
  const after = legacy && { post: recipe.file.commands?.post ?? '', userPass: signInOf(rendered.script).userPass };
  const files = planFiles(context, launch, { serve, container, minutes: resources.time });
  const site = schedulerFacts(request.cluster, request.home);
  const workDirectory = context.workDirectory || (context.job?.directory ?? `${directory}/work`);
  return {
    recipe,
    launcher,
    directory,
    workDirectory,
    job: context.job,
    resources,
    site,
    serve,
    rendered,
    after,
    container,
    files,
  };
}

function planContext({ library, launchers }: PlanDeps, request: PlanInput): Context {
  const { id, input, cluster, facts, home, job = null } = request;
  const recipe = library.get(input.recipe);
  const target = launchTarget(cluster, facts, input.resources.queue);
  const choice = chooseLauncherFor(recipe.summary, input.launcher, target);
  if (!choice.ok) throw launchError(choice.problem);
  const { transfer } = launchers[choice.launcher];
  const asked = job ? job.runDirectory : input.workDirectory || target.defaults.workDirectory;
  return {
    ...request,
    recipe,
    target,
    launcher: choice.launcher,
    directory: directoryOf(home, id),
    workDirectory: asked === '' ? ownWorkDirectory(transfer, job, home) : absolutePath(asked, home),
    modules: modulesToLoad(target.defaults.modules, recipe.summary.modules, input.modules),
    transfer,
    job,
  };
}

/** Where a script runs that was given no work directory; empty: the job does not see the home directory. */
function ownWorkDirectory(transfer: Transfer | undefined, job: KeptJob | null, home: string): string {
  return transfer ? '' : (job?.directory ?? home);
}

function renderContext({ render }: PlanDeps, context: Context): RenderedLaunch {
  const { target, transfer, job } = context;
  const launch = renderLaunch(render, {
    ...context,
    facts: target.facts,
    isSent: transfer !== undefined,
    random: newInstanceId(),
    newPort,
  });
  if (job === null || job.script === null) return launch;
  return { ...launch, rendered: { ...launch.rendered, script: job.script } };
}

/** How it is reached; a legacy recipe that runs Jupyter gets the token that its script passes on. */
function withSignIn({ rendered, legacy, serve }: RenderedLaunch): Serve | null {
  if (!legacy || serve?.protocol !== 'http') return serve;
  return { ...serve, token: signInOf(rendered.script).token };
}

function planResources(context: Context, { rendered, legacy }: RenderedLaunch): Resources {
  const { recipe, target, launcher } = context;
  const script = legacy ? askedByRecipe(launcher, rendered.script, context.input.args, context.input.resources) : null;
  const input = withOwnScript(context.input, script);
  throwFirstProblem(validateLaunch({ input, recipe: recipe.summary, target, script }));
  const { resources } = recipe.summary;
  return completeResources({ requested: input.resources, recipe: resources, launcher, target, script });
}

/** Without `serve` a script may use either way to its socket; run.sh keeps TUNEL_SOCKET short. */
function checkSocketPath(serve: Serve | null, { rendered, legacy }: RenderedLaunch, { file }: Recipe): void {
  const { socket } = rendered.context;
  if (serve?.listen !== 'socket' || file.serve || legacy || Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return;
  throw new AppError('path-too-long', message`The socket ${{ socket }} would have a path over 100 bytes.`, {
    hint: 'This recipe makes its socket below your home directory there, whose path is too long for one. Let the recipe use $TUNEL_SOCKET.',
  });
}

function planContextContainer(
  context: Context,
  { legacy }: RenderedLaunch,
  resources: Resources,
): ContainerPlan | null {
  const { input, recipe, target } = context;
  // Where its script calls the container program, the choice was which of them.
  const runsOne = legacy?.as && input.image === '';
  return planContainer({
    ...context,
    input: runsOne ? { ...input, runtime: 'native' } : input,
    container: recipe.file.container,
    facts: target.facts,
    environment: target.defaults.environment,
    gpus: resources.gpus,
    recipeTitle: recipe.summary.title,
  });
}

function planFiles(
  context: Context,
  { rendered, legacy, port }: RenderedLaunch,
  { serve, container, minutes }: Pick<Plan, 'serve' | 'container'> & { minutes: number | null },
): TarFile[] {
  const { id, directory, workDirectory, modules, transfer, recipe } = context;
  const { environment } = context.target.defaults;
  const listen = serve?.listen ?? null;
  const script: RunScriptInput = {
    id,
    directory,
    listen,
    port,
    minutes,
    workDirectory,
    environment,
    modules,
    transfer,
    container,
    legacy,
  };
  const making = container && mustBeMade(container) && { ...container, instanceId: id, directory };
  return [
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
}

export const text = (name: string, content: string, mode = 0o600): TarFile => ({
  name,
  data: Buffer.from(content, 'utf8'),
  mode,
});

/** `~` and relative paths begin at the home directory. */
export function absolutePath(path: string, home: string): string {
  if (path === '' || path === '~') return home;
  if (path.startsWith('~/')) return `${home}/${path.slice(2)}`;
  return path.startsWith('/') ? path : `${home}/${path}`;
}

function relative(name: string): string {
  const parts = name.split('/');
  if (name.startsWith('/') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new AppError('recipe-invalid', message`A file of the recipe has a name that leads out of it: ${{ name }}`);
  }
  return name;
}
