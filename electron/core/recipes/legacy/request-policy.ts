import { setField } from '../../../shared/directives/edit.ts';
import { dialects } from '../../../shared/directives/index.ts';
import { readRequest } from '../../../shared/directives/request.ts';
import { slurmDialect } from '../../../shared/directives/slurm.ts';
import type { Dialect } from '../../../shared/directives/types.ts';
import { mebibytes } from '../../../shared/directives/units.ts';
import type { LaunchInput, Resources } from '../../../shared/instances.ts';
import type { LauncherName } from '../../../shared/kinds.ts';
import { scriptRecipeName } from '../../../shared/script-recipe-name.ts';

/** What a script asks of its scheduler by itself; null and empty: nothing. */
type Asked = Partial<Resources>;

/** Tunel's HTCondor launcher takes these from the arguments: memory in MB, disk in MB; a suffix is understood. */
function condorArgs(args: LaunchInput['args']): Asked {
  const text = (name: string) =>
    args[name] === undefined || typeof args[name] === 'boolean' ? '' : String(args[name]);
  const cpus = /^\d+$/.test(text('cpus')) ? Number(text('cpus')) : null;
  const disk = mebibytes(text('disk'));
  const jobs = /^\d+$/.test(text('njobs')) ? Number(text('njobs')) : 1;
  return {
    ...(cpus ? { cpus } : {}),
    ...(text('memory') === '' ? {} : { memory: mebibytes(text('memory')) }),
    ...(disk === null ? {} : { options: [`request_disk = ${disk} MB`] }),
    ...(jobs > 1 ? { array: `0-${jobs - 1}` } : {}),
  };
}

/**
 * What a recipe of Tunel's asks by itself, for the launcher that runs it: in its directives, else in those for Slurm.
 * `requested`: what the user asks for, which replaces the directives that say the same.
 */
export function askedByRecipe(
  launcher: LauncherName,
  script: string,
  args: LaunchInput['args'],
  requested: Asked = {},
): Asked {
  const dialect = dialects[launcher];
  if (dialect === null) return {};
  if (launcher === 'htcondor') return condorArgs(args);
  const own = readRequest(withoutRequested(script, dialect, requested), dialect);
  if (launcher === 'slurm' || Object.keys(own).length > 0) return own;
  const { cpus, memory, time, gpus, gpuType, nodes } = readRequest(script, slurmDialect);
  return withoutEmpty({ cpus, memory, time, gpus, gpuType, nodes });
}

const requestedFields = ['queue', 'account', 'qos', 'time', 'cpus', 'memory', 'gpus', 'nodes', 'array'] as const;

function withoutRequested(script: string, dialect: Dialect, requested: Asked): string {
  return requestedFields
    .filter((field) => requested[field])
    .reduce((text, field) => setField(text, dialect, field, null), script);
}

function withoutEmpty(asked: Asked): Asked {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined && value !== null));
}

/** What the user's own script says goes before what the cluster's settings say, as with the scheduler's command. */
export function withOwnScript(input: LaunchInput, script: Asked | null): LaunchInput {
  if (input.recipe !== scriptRecipeName) return input;
  const { resources } = input;
  const queue = resources.queue || script?.queue || '';
  const account = resources.account || script?.account || '';
  return { ...input, resources: { ...resources, queue, account } };
}
