import { basename } from 'node:path';
import { AppError } from '../../electron/shared/errors.ts';
import type { Instance, Resources } from '../../electron/shared/instances.ts';
import type { Job } from '../../electron/shared/jobs.ts';
import type { LauncherName } from '../../electron/shared/kinds.ts';
import { scriptRecipeName } from '../../electron/shared/script-recipe-name.ts';
import { type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster, isSettled } from '../find-in-state.ts';
import { followLaunch } from '../follow-launch.ts';
import { followLog } from '../follow-log.ts';
import type { JsonOption } from '../json-option.ts';
import { launchValues, resourcesOf } from '../launch-values.ts';
import { printJson, printProgress } from '../output.ts';
import { readScript } from '../read-script.ts';
import type { ResourceOptions } from '../resource-options.ts';
import { scriptText } from '../script-text.ts';

export interface RunScriptOptions extends ResourceOptions, JsonOption {
  wait: boolean;
  there?: boolean;
  chdir?: string;
}

export interface ScriptCommand {
  /** `slurm` of `run-slurm`. */
  name: string;
  launcher: LauncherName;
  cluster: string;
  /** A path, or `-` for the input. */
  script: string;
  args: readonly string[];
}

/** Submits a script as a batch job and follows it; `onExitCode` gets the exit code of the script when it has ended. */
export function runScript(
  command: ScriptCommand,
  options: RunScriptOptions,
  onExitCode: (code: number | null) => void,
): Promise<void> {
  const resources = resourcesOf(options);
  return withEngineState({ connects: true, launches: true }, async (session) => {
    const { name, cluster } = command;
    const { id, name: title, directory } = await submit(session, command, options, resources);
    if (!options.json) printProgress(`${title} has the directory ${directory}.`);
    const submitted = await followLaunch(session, id, { wait: false, quiet: options.json === true });
    if (submitted.error) throw AppError.revive(submitted.error);
    if (!options.wait) {
      if (options.json) printJson(submitted);
      else printProgress(`${title} is job ${submitted.job?.id}: ${id}. See its log with: tunel logs -f ${id}`);
      return;
    }
    const howToStop = `tunel stop-${name} ${cluster} ${id}`;
    const last = await untilEnd(session, id, options).catch((error: unknown) => {
      if (AppError.from(error).code === 'cancelled') printProgress(`${title} runs on. End it with: ${howToStop}`);
      throw error;
    });
    onExitCode(last.job?.exitCode ?? null);
    if (last.error) throw AppError.revive(last.error);
    if (options.json) printJson(last);
    else printProgress(`${title} has ended.`);
  });
}

/** Where jobs see the home directory the script runs there, as it would by the scheduler's own command. */
async function submit(
  session: StateSession,
  { name, launcher, cluster, script, args }: ScriptCommand,
  options: RunScriptOptions,
  resources: Partial<Resources>,
): Promise<Job> {
  const clusterId = findCluster(session.state(), cluster).id;
  const source = script === '-' ? 'the input' : script;
  const text = scriptText(source, await readScript(session, clusterId, script, options.there === true), args);
  const title = options.title ?? (script === '-' ? 'script' : basename(script)).slice(0, 100);
  const given = { clusterId, recipe: scriptRecipeName, launcher, args: { script: text }, title };
  // Names each value that cannot be as every launch does.
  launchValues({ ...given, resources }, null, `tunel run-${name}`);
  const runDirectory = options.chdir ?? (launcher === 'htcondor' ? '' : '~');
  const job = { clusterId, name: title, script: text, launcher, resources, runDirectory };
  const { id } = await session.request('jobs.create', job);
  return session.request('jobs.submit', { id });
}

function untilEnd(session: StateSession, id: string, { json }: RunScriptOptions): Promise<Instance> {
  if (!json) return followLog(session, id, 0);
  return session.until((state) => state.instances.find((app) => app.id === id && isSettled(app)) ?? null);
}
