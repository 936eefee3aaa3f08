import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { AppError } from '../../electron/shared/errors.ts';
import type { Instance, Resources } from '../../electron/shared/instances.ts';
import type { LauncherName } from '../../electron/shared/kinds.ts';
import { message } from '../../electron/shared/messages.ts';
import { scriptRecipeName } from '../../electron/shared/script-recipe-name.ts';
import { type EngineSession, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster, isSettled } from '../find-in-state.ts';
import { followLaunch } from '../follow-launch.ts';
import { followLog } from '../follow-log.ts';
import type { JsonOption } from '../json-option.ts';
import { launchValues, resourcesOf } from '../launch-values.ts';
import { printJson, printProgress } from '../output.ts';
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

/** The longest script that is read on a cluster; the text of a launch is shorter. */
const MAX_BYTES = 1_000_000;

/** Submits a script as a batch job and follows it; `onExitCode` gets the exit code of the script when it has ended. */
export function runScript(
  command: ScriptCommand,
  options: RunScriptOptions,
  onExitCode: (code: number | null) => void,
): Promise<void> {
  const resources = resourcesOf(options);
  return withEngineState({ connects: true, launches: true }, async (session) => {
    const { name, cluster } = command;
    const { id, title } = await launch(session, command, options, resources);
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

async function launch(
  session: StateSession,
  { name, launcher, cluster, script, args }: ScriptCommand,
  options: RunScriptOptions,
  resources: Partial<Resources>,
): Promise<{ id: string; title: string }> {
  const clusterId = findCluster(session.state(), cluster).id;
  const source = script === '-' ? 'the input' : script;
  const text = scriptText(source, await readScript(session, clusterId, script, options.there === true), args);
  const title = options.title ?? (script === '-' ? 'script' : basename(script)).slice(0, 100);
  const given = { clusterId, recipe: scriptRecipeName, launcher, args: { script: text }, title };
  const values = launchValues({ ...given, resources }, null, `tunel run-${name}`);
  const { id } = await session.request('instances.launch', { ...values, workDirectory: options.chdir ?? '' });
  return { id, title };
}

function untilEnd(session: StateSession, id: string, { json }: RunScriptOptions): Promise<Instance> {
  if (!json) return followLog(session, id, 0);
  return session.until((state) => state.instances.find((app) => app.id === id && isSettled(app)) ?? null);
}

async function readScript(session: EngineSession, clusterId: string, script: string, there: boolean): Promise<string> {
  if (there) return readOnCluster(session, clusterId, script);
  if (script === '-') return textOf(process.stdin);
  try {
    return readFileSync(script, 'utf8');
  } catch (cause) {
    throw new AppError('not-found', message`${{ script }} cannot be read here.`, {
      hint: 'For a script on the cluster add --there; to run one command there: tunel exec CLUSTER -- COMMAND',
      detail: AppError.from(cause).message,
      cause,
    });
  }
}

async function readOnCluster({ openStream }: EngineSession, clusterId: string, path: string): Promise<string> {
  const { data, closed } = await openStream('files.download', { clusterId, path });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of data as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_BYTES) break;
    }
  } catch (error) {
    await closed;
    throw error;
  }
  if (size <= MAX_BYTES) await closed;
  return Buffer.concat(chunks).toString('utf8');
}
