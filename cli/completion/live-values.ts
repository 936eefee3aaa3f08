import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { dataDirectory } from '../../electron/client/data-directory.ts';
import { readEngineAddress } from '../../electron/client/engine-address.ts';
import { createSocketClient } from '../../electron/client/socket-client.ts';
import type { SshConfigHost } from '../../electron/shared/clusters.ts';
import { type EngineState, settingsChangeSchema } from '../../electron/shared/state.ts';
import type { Token } from '../../electron/shared/tokens.ts';
import { openLibrary } from '../local/recipe-library.ts';
import { version } from '../version.ts';

/** A word that may stand there, and what it is. */
export interface Choice {
  value: string;
  description: string;
}

/** What a placeholder such as `<cluster>` may be. */
export const valueKinds = [
  'cluster',
  'alias',
  'app',
  'recipe',
  'preset',
  'token',
  'folder',
  'source',
  'job',
  'tunnel',
  'notice',
  'transfer',
  'setting',
] as const;
export type ValueKind = (typeof valueKinds)[number];
export type LiveValues = Record<ValueKind, Choice[]>;

/** Who presses Tab waits no longer for the engine than this, ms. */
const LIMIT = 1500;

const settings = Object.keys(settingsChangeSchema.shape).map((value) => ({ value, description: '' }));

/** What the running engine knows; without one what the files say. Starts no engine and connects to nothing. */
export async function readLiveValues(): Promise<LiveValues> {
  const data = dataDirectory();
  const address = readEngineAddress(data);
  if (!address) return readFiles(data);
  const client = createSocketClient(address, version);
  try {
    return await askEngine(client, AbortSignal.timeout(LIMIT));
  } catch {
    // It has ended or is of another version; a shell shows no errors while a word is completed.
    return readFiles(data);
  }
}

async function askEngine(client: CoreClient, signal: AbortSignal): Promise<LiveValues> {
  const [{ state }, tokens, hosts] = await Promise.all([
    client.request('app.state', undefined, signal),
    client.request('tokens.list', undefined, signal),
    client.request('clusters.sshConfigHosts', undefined, signal),
  ]);
  return valuesOf(state, tokens, hosts);
}

export function valuesOf(
  state: Omit<EngineState, 'views'>,
  tokens: readonly Token[],
  hosts: readonly SshConfigHost[],
): LiveValues {
  return {
    alias: hosts.map(({ alias, file }) => ({ value: alias, description: file })),
    tunnel: state.tunnels.map(({ id, route }) => ({ value: id, description: route.text })),
    transfer: state.transfers.map(({ id, direction, state: stage, destination }) => ({
      value: id,
      description: `${direction} to ${destination}, ${stage}`,
    })),
    notice: state.system.notices.map(({ id, title }) => ({ value: id, description: title })),
    setting: settings,
    cluster: state.clusters.map(({ cluster }) => ({
      value: cluster.name,
      description: `${cluster.user}@${cluster.host}`,
    })),
    app: state.instances.map(({ id, title, clusterName, state: stage }) => ({
      value: id,
      description: `${title} on ${clusterName}, ${stage}`,
    })),
    recipe: state.recipes.list.map(({ name, title }) => ({ value: name, description: title })),
    preset: state.presets.map(({ name, input }) => ({ value: name, description: input.recipe })),
    token: tokens
      .filter(({ revokedAt }) => revokedAt === null)
      .map(({ name, scopes }) => ({ value: name, description: scopes.join(', ') })),
    folder: state.folders.map(({ folder }) => ({ value: folder.id, description: folder.title })),
    job: state.jobs.map(({ id, name, clusterName, state: stage }) => ({
      value: id,
      description: `${name} on ${clusterName}, ${stage}`,
    })),
    source: state.sources.map(({ id, url }) => ({ value: id, description: url })),
  };
}

const clustersSchema = z.object({ data: z.array(z.object({ name: z.string(), user: z.string(), host: z.string() })) });

function readFiles(data: string): LiveValues {
  return {
    ...{
      alias: [],
      app: [],
      preset: [],
      token: [],
      folder: [],
      source: [],
      job: [],
      tunnel: [],
      notice: [],
      transfer: [],
    },
    setting: settings,
    cluster: attempt(() =>
      clustersSchema
        .parse(JSON.parse(readFileSync(join(data, 'clusters.json'), 'utf8')))
        .data.map(({ name, user, host }) => ({ value: name, description: `${user}@${host}` })),
    ),
    recipe: attempt(() =>
      openLibrary()
        .library.list()
        .map(({ name, title }) => ({ value: name, description: title })),
    ),
  };
}

/** Nothing is offered where a file is missing or cannot be read. */
function attempt(read: () => Choice[]): Choice[] {
  try {
    return read();
  } catch {
    return [];
  }
}
