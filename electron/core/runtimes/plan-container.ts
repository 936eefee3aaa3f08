import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { launchError } from '../../shared/launch-problems.ts';
import { message } from '../../shared/messages.ts';
import type { Container } from '../../shared/recipes.ts';
import { chooseRuntime, mayBeLoaded } from '../../shared/runtime-policy.ts';
import { parseBind } from './bind-policy.ts';
import { parseImage } from './image-policy.ts';
import type { ContainerPlan } from './wrap.ts';

interface ContainerInput {
  input: Pick<LaunchInput, 'runtime' | 'image'>;
  container: Container | undefined;
  cluster: Pick<Cluster, 'name' | 'defaults' | 'site'>;
  facts: Pick<ClusterFacts, 'runtimes'> | null;
  launcher: LauncherName;
  /** On the cluster. */
  home: string;
  modules: readonly string[];
  environment: string;
  /** Of the scheduler, for this launch. */
  gpus: number | null;
  recipeTitle: string;
}

/**
 * The container of a launch; null: it runs native.
 * @throws AppError `bad-input` for an image, a bind or a choice that cannot be, `command-missing` for a runtime that is
 * not there
 */
export function planContainer(request: ContainerInput): ContainerPlan | null {
  const { input, container, cluster, facts, home } = request;
  const named = input.image.trim() || container?.image;
  const image = named === undefined ? null : parseImage(named, home);
  const choice = chooseRuntime({
    requested: input.runtime,
    isImageRequested: input.image.trim() !== '',
    clusterDefault: cluster.defaults.runtime,
    site: cluster.site?.runtime,
    image,
    isPreferred: container?.preferred ?? true,
    detected: facts?.runtimes.map((found) => found.name) ?? null,
    mayBeLoaded: mayBeLoaded({
      modules: request.modules,
      environment: request.environment,
      launcher: request.launcher,
      image,
    }),
    recipeTitle: request.recipeTitle,
    clusterName: cluster.name,
  });
  if (!choice.ok) throw launchError(choice.problem);
  const { runtime } = choice;
  if (runtime === 'native' || image === null) return null;
  if (/[:,]/.test(home)) {
    throw new AppError('runtime-failed', message`The home directory ${{ home }} has “:” or “,” in its path.`, {
      hint: 'No container runtime can show such a directory to an app; run it native.',
    });
  }
  return {
    runtime,
    program: facts?.runtimes.find((found) => found.name === runtime)?.program ?? runtime,
    image,
    binds: (container?.binds ?? []).map(parseBind),
    env: container?.env ?? {},
    gpu: container?.gpu === true || (request.gpus ?? 0) > 0,
  };
}
