import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { choicesOfFacts, type FormChoice, isKnownSource } from '../../shared/form-choices.ts';
import type { ChoiceSource } from '../../shared/recipes.ts';
import { applySite } from '../../shared/site-policy.ts';
import type { Clock } from '../deps.ts';
import type { Connections, Shell } from '../ssh/types.ts';
import { containersScript, readContainers } from './containers.ts';
import { environmentsScript, readEnvironments } from './environments.ts';
import { modulesScript, readModules } from './modules.ts';
import { inUserShell } from './user-shell.ts';

/** Answers younger than this are given again, ms. */
const FRESH_MS = 60_000;
/** Conda alone may think for ten seconds on a slow file system. */
const LIMIT_MS = 40_000;

interface ChoicesDeps {
  connections: Pick<Connections, 'acquire'>;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
  facts: (id: string) => ClusterFacts | null;
  clock: Clock;
}

interface ChoicesWanted {
  clusterId: string;
  from: ChoiceSource;
  /** Look anew, whatever was found a moment ago. */
  fresh: boolean;
}

/** What a field of a form can be filled with on a cluster. Connects where that is not done yet. */
export function createChoices({ connections, cluster: find, facts, clock }: ChoicesDeps) {
  const found = new Map<string, { at: number; choices: FormChoice[] }>();

  return async ({ clusterId, from, fresh }: ChoicesWanted, signal?: AbortSignal): Promise<FormChoice[]> => {
    const cluster = find(clusterId);
    const view = applySite({ cluster, facts: facts(clusterId) });
    if (isKnownSource(from)) return choicesOfFacts(from, view.facts, null);
    const { environment, modules, workDirectory } = view.defaults;
    const key = JSON.stringify([clusterId, from, environment, modules, workDirectory, cluster.site?.images]);
    const before = found.get(key);
    if (!fresh && before && clock.now() - before.at < FRESH_MS) return before.choices;
    const lease = await connections.acquire(clusterId, signal);
    try {
      const choices = await look(lease.connection, from, {
        prologue: { environment, modules: from === 'modules' ? [] : modules },
        workDirectory: workDirectory.startsWith('/') ? workDirectory : '',
        images: cluster.site?.images ?? [],
        signal,
      });
      found.set(key, { at: clock.now(), choices });
      return choices;
    } finally {
      lease.release();
    }
  };
}

interface Look {
  prologue: { environment: string; modules: readonly string[] };
  workDirectory: string;
  images: readonly string[];
  signal: AbortSignal | undefined;
}

async function look(
  shell: Shell,
  from: 'modules' | 'environments' | 'containers',
  { prologue, workDirectory, images, signal }: Look,
): Promise<FormChoice[]> {
  const run = async (lines: string, end: string) => {
    const { stdout } = await shell.run(inUserShell(lines, prologue), { signal, timeoutMs: LIMIT_MS });
    if (stdout.includes(end)) return stdout;
    throw new AppError('command-failed', 'The shell there ended before it could look.', {
      hint: 'Check the environment lines of this cluster: one of them may exit.',
      detail: stdout.slice(-1000),
    });
  };
  switch (from) {
    case 'modules': {
      const text = await run(modulesScript.lines, modulesScript.mark);
      return readModules(text).map((name) => ({ value: name, label: name, detail: '' }));
    }
    case 'environments':
      return readEnvironments(await run(environmentsScript(workDirectory), '@@tunel end'));
    case 'containers': {
      const more = [...images, ...(workDirectory === '' ? [] : [workDirectory])];
      return readContainers(await run(containersScript(more), '@@tunel containers'));
    }
  }
}
