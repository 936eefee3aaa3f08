import type { ClusterFacts } from './clusters.ts';
import { type ContainerRuntime, canRun, type Image, imageText } from './image-policy.ts';
import { type LauncherName, type RuntimeName, runtimeNames } from './kinds.ts';
import type { LaunchProblem } from './launch-problems.ts';
import type { RecipeSummary } from './recipes.ts';

/** From what most clusters have to what few have; docker last, as its containers are outside a job's limits. */
const order: readonly ContainerRuntime[] = ['apptainer', 'podman', 'docker'];

export interface RuntimeRequest {
  /** What the user chose in the form; empty: nothing. */
  requested: RuntimeName | '';
  /** The user named the image, not the recipe. */
  isImageRequested: boolean;
  clusterDefault: RuntimeName | 'auto';
  /** Which one the site runs containers with. */
  site: RuntimeName | undefined;
  /** null: neither the recipe nor the user names one. */
  image: Image | null;
  /** The recipe prefers its container to running without. */
  isPreferred: boolean;
  /** null: never connected, nothing is ruled out. */
  detected: readonly RuntimeName[] | null;
  /** Modules or lines run before the app may provide a runtime that a plain shell does not have. */
  mayBeLoaded: boolean;
  recipeTitle: string;
  clusterName: string;
}

type RuntimeChoice = { ok: true; runtime: RuntimeName } | { ok: false; problem: LaunchProblem };

/** Runtimes to offer: those found on the cluster, all while nothing is known; no container is always possible. */
export function availableRuntimes(facts: Pick<ClusterFacts, 'runtimes'> | null): RuntimeName[] {
  if (facts === null) return [...runtimeNames];
  const found = facts.runtimes.map((runtime) => runtime.name);
  return runtimeNames.filter((name) => name === 'native' || found.includes(name));
}

/**
 * Whether modules or lines that run before the app may provide a runtime that the login node lacks. Compute nodes may have
 * one as well; an image that must be fetched needs it on the login node too.
 */
export function mayBeLoaded(launch: {
  modules: readonly string[];
  environment: string;
  launcher: LauncherName | null;
  image: Image | null;
}): boolean {
  const { modules, environment, launcher, image } = launch;
  const isFile = image !== null && image.kind !== 'registry';
  return modules.length > 0 || environment.trim() !== '' || (launcher !== 'login' && isFile);
}

/** Whether the script of a legacy recipe calls a container program, so that the app itself is not put into a container. */
export function callsRuntimeItself(
  script: RecipeSummary['scriptRuntimes'],
  launcher: LauncherName | null,
  requested: RuntimeName | '',
): boolean {
  if (script === null) return false;
  return script.isUsual || launcher === 'login' || script.names.some((name) => name === requested);
}

/** The user's choice, else the cluster's, else the site's, else a container if one can run there, else native. */
export function chooseRuntime(request: RuntimeRequest): RuntimeChoice {
  const { requested, image, clusterDefault, site, isImageRequested } = request;
  const native: RuntimeChoice = { ok: true, runtime: 'native' };
  if (requested === 'native') return native;
  if (requested !== '') {
    const problem = requestedProblem(requested, request);
    return problem === null ? { ok: true, runtime: requested } : { ok: false, problem };
  }
  if (image === null || (clusterDefault === 'native' && !isImageRequested)) return native;
  const wanted = isImageRequested || request.isPreferred || clusterDefault !== 'auto';
  if (!wanted || (site === 'native' && clusterDefault === 'auto' && !isImageRequested)) return native;
  const named = [clusterDefault, site].filter((name) => name !== undefined && name !== 'auto' && name !== 'native');
  const runtime = [...named, ...order].find((name) => isAvailable(name, request) && canRun(name, image));
  if (runtime !== undefined) return { ok: true, runtime };
  return isImageRequested ? { ok: false, problem: noneProblem(image, request) } : native;
}

const isAvailable = (name: RuntimeName, { detected }: RuntimeRequest): name is ContainerRuntime =>
  name !== 'native' && (detected === null || detected.includes(name));

const able = (image: Image): ContainerRuntime[] => order.filter((name) => canRun(name, image));

function requestedProblem(runtime: ContainerRuntime, request: RuntimeRequest): LaunchProblem | null {
  const { image, recipeTitle, clusterName, detected } = request;
  if (image === null) return { code: 'image-missing', field: 'image', values: { recipe: recipeTitle, runtime } };
  if (!canRun(runtime, image)) {
    const values = { runtime, image: imageText(image), able: able(image) };
    return { code: 'runtime-unsuitable', field: 'runtime', values };
  }
  if (isAvailable(runtime, request) || request.mayBeLoaded) return null;
  const values = { runtime, cluster: clusterName, found: [...(detected ?? [])] };
  return { code: 'runtime-not-found', field: 'runtime', values };
}

function noneProblem(image: Image, { clusterName, detected }: RuntimeRequest): LaunchProblem {
  const values = { cluster: clusterName, image: imageText(image), able: able(image), found: [...(detected ?? [])] };
  return { code: 'no-runtime', field: 'image', values };
}
