import type { ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { RuntimeName } from '../../shared/kinds.ts';
import { type ContainerRuntime, canRun, type Image, imageWords } from './image-policy.ts';

/** From what most clusters have to what few have; docker last, as its containers are outside a job's limits. */
const order: readonly ContainerRuntime[] = ['apptainer', 'podman', 'docker'];

export interface RuntimeChoice {
  /** What the user chose in the form; empty: nothing. */
  asked: RuntimeName | '';
  /** The user named the image himself. */
  imageAsked: boolean;
  clusterDefault: RuntimeName | 'auto';
  /** Which one the site runs containers with. */
  site: RuntimeName | undefined;
  /** null: neither the recipe nor the user names one. */
  image: Image | null;
  /** The recipe would rather run in its container than without. */
  preferred: boolean;
  facts: Pick<ClusterFacts, 'runtimes'> | null;
  /** Modules or lines run before the app, which may bring a runtime that a plain shell does not have. */
  mayBeLoaded: boolean;
  recipeName: string;
  clusterName: string;
}

/**
 * The user's choice, else the cluster's, else the site's, else a container where there is one and a runtime that can run
 * it, else native. Without facts (never connected) nothing is ruled out.
 * @throws AppError `bad-input` for a choice that cannot be, `command-missing` for a runtime that is not there
 */
export function chooseRuntime(choice: RuntimeChoice): RuntimeName {
  const { asked, image, clusterDefault, site } = choice;
  if (asked === 'native') return 'native';
  if (asked !== '') return checked(asked, choice);
  if (image === null || (clusterDefault === 'native' && !choice.imageAsked)) return 'native';
  const wanted = choice.imageAsked || choice.preferred || clusterDefault !== 'auto';
  if (!wanted || (site === 'native' && clusterDefault === 'auto' && !choice.imageAsked)) return 'native';
  const named = [clusterDefault, site].filter((name) => name !== undefined && name !== 'auto' && name !== 'native');
  const found = [...named, ...order].find((name) => isHere(name, choice) && canRun(name, image));
  if (found !== undefined) return found;
  if (choice.imageAsked) {
    const able = order.filter((name) => canRun(name, image));
    throw new AppError(
      'command-missing',
      `${choice.clusterName} has nothing that can run the image ${imageWords(image)}.`,
      { hint: `It needs ${able.join(' or ')}. ${here(choice)} Leave the image empty to run without a container.` },
    );
  }
  return 'native';
}

const isHere = (name: RuntimeName, { facts }: RuntimeChoice): name is ContainerRuntime =>
  name !== 'native' && (facts === null || facts.runtimes.some((runtime) => runtime.name === name));

function checked(asked: ContainerRuntime, choice: RuntimeChoice): ContainerRuntime {
  const { image, recipeName, clusterName } = choice;
  if (image === null) {
    throw new AppError('bad-input', `The recipe ${recipeName} names no container for ${asked}.`, {
      hint: 'Give an image, or choose native.',
    });
  }
  if (!canRun(asked, image)) {
    const able = order.filter((name) => canRun(name, image));
    throw new AppError('bad-input', `${asked} cannot run ${imageWords(image)}.`, {
      hint: `Choose ${able.join(' or ')}, or give an image from a registry or a .tar file.`,
    });
  }
  if (!isHere(asked, choice) && !choice.mayBeLoaded) {
    throw new AppError('command-missing', `${asked} was not found on ${clusterName}.`, {
      hint: `${here(choice)} Choose another runtime, add the module that brings ${asked}, or connect again if it was installed since.`,
    });
  }
  return asked;
}

function here({ facts }: RuntimeChoice): string {
  const names = facts?.runtimes.map((runtime) => runtime.name) ?? [];
  return names.length > 0 ? `Found there: ${names.join(', ')}.` : 'No container runtime was found there.';
}
