import { parseBind } from '../../electron/core/runtimes/bind-policy.ts';
import { parseImage } from '../../electron/core/runtimes/image-policy.ts';
import {
  type ContainerVerb,
  containerVerbs,
  oneCommand,
  pickRuntime,
} from '../../electron/core/runtimes/one-command.ts';
import type { ClusterFacts } from '../../electron/shared/clusters.ts';
import type { ContainerRuntime } from '../../electron/shared/image-policy.ts';
import { message } from '../../electron/shared/messages.ts';
import { UsageError } from '../usage-error.ts';

/** The programs in the order in which they are tried. */
const order = {
  'run-singularity': ['apptainer', 'podman', 'docker'],
  'run-docker': ['docker', 'podman', 'apptainer'],
} as const satisfies Record<string, readonly ContainerRuntime[]>;
export type ContainerCommand = keyof typeof order;

export interface ContainerRequest {
  clusterName: string;
  isShell: boolean;
  /** POSIX sh text for the cluster. @throws AppError `command-missing` where nothing there can run the image */
  script(facts: Pick<ClusterFacts, 'home' | 'runtimes'>, onTerminal: boolean): string;
}

const isVerb = (word: string | undefined): word is ContainerVerb => containerVerbs.some((verb) => verb === word);

/** Reads `CLUSTER run|exec|shell IMAGE WORDS`. @throws AppError `bad-input` */
export function parseContainerCommand(
  name: ContainerCommand,
  [clusterName = '', verb, image, ...args]: readonly string[],
  options: { bind?: string[]; gpu?: boolean },
): ContainerRequest {
  if (!isVerb(verb) || image === undefined || (verb === 'exec' && args.length === 0)) {
    throw new UsageError('What is to be run?', {
      hint: message`Write e.g. tunel ${{ name }} CLUSTER exec docker://busybox echo hello, or see: tunel ${{ name }} --help`,
    });
  }
  if (verb === 'shell' && args.length > 0) {
    throw new UsageError('A shell takes no more arguments.', {
      hint: message`For a command: tunel ${{ name }} CLUSTER exec`,
    });
  }
  const binds = (options.bind ?? []).map(parseBind);
  return {
    clusterName,
    isShell: verb === 'shell',
    script({ home, runtimes }, terminal) {
      const parsed = parseImage(image, home);
      const runtime = pickRuntime(order[name], runtimes, parsed, clusterName);
      return oneCommand(runtime, { verb, image: parsed, args, binds, gpu: options.gpu === true, terminal });
    },
  };
}
