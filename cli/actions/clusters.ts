import { type ClusterInput, clusterInputSchema, describeUsage, type Hop } from '../../electron/shared/clusters.ts';
import { launcherNames } from '../../electron/shared/kinds.ts';
import { message } from '../../electron/shared/messages.ts';
import { demoFor, type EngineSession, withEngine, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { readChoice, readPort } from '../option-values.ts';
import { printJson, printProgress } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export interface AddClusterOptions extends JsonOption {
  jump?: string;
  key?: string[];
  knownHosts?: string;
  transport: string;
  launcher: string;
}

/** `[user@]host[:port]`, as ssh's -J takes it. */
export function parseHop(text: string): Hop {
  const found = /^(?:(.+)@)?(\[[^\]]+\]|[^:@]+)(?::(\d+))?$/.exec(text);
  if (!found?.[2])
    throw new UsageError(message`“${{ text }}” is no address.`, {
      hint: 'Write user@host or user@host:port.',
    });
  return {
    user: found[1] ?? process.env.USER ?? '',
    host: found[2].replace(/^\[|\]$/g, ''),
    port: readPort('An address', found[3] ?? '22', 1),
  };
}

export async function addCluster(name: string, address: string, options: AddClusterOptions): Promise<void> {
  const input = clusterInputSchema.safeParse({
    name,
    ...parseHop(address),
    jumps: options.jump?.split(',').map(parseHop) ?? [],
    keyFiles: options.key ?? [],
    knownHostsFile: options.knownHosts ?? '',
    transport: readChoice('--transport', options.transport, ['ssh2', 'openssh']),
    defaults: { launcher: readChoice('--launcher', options.launcher, ['auto', ...launcherNames]) },
  });
  if (!input.success) {
    const problems = input.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new UsageError(problems.join(' '), { hint: 'See: tunel clusters add --help' });
  }
  await withEngine((session) => saveCluster(session, input.data, options));
}

export function importCluster(alias: string, options: JsonOption): Promise<void> {
  return withEngine(async (session) => {
    const { input, unsupported } = await session.request('clusters.resolveSshConfig', { alias });
    for (const line of unsupported) printProgress(line);
    await saveCluster(session, input, options);
  });
}

export function testCluster(name: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(name) }, async ({ state, request }) => {
    const input = clusterInputSchema.parse(findCluster(state(), name));
    const found = await request('clusters.test', { input });
    if (json) return printJson(found);
    printProgress(`${name} works: ${found.loginNode}, ${Math.round(found.roundTrip)} ms.`);
    for (const { name: launcher, version, queues } of found.launchers) {
      const named = queues.length > 0 ? `, queues ${queues.map((queue) => queue.name).join(', ')}` : '';
      printProgress(`  ${launcher} ${version}${named}`);
    }
    const { socketForwarding, portForwarding } = found;
    printProgress(`  forwarding: sockets ${socketForwarding ? 'yes' : 'no'}, ports ${portForwarding ? 'yes' : 'no'}`);
  });
}

/** What was detected, and what this engine's connections have cost there. */
export function showFacts(name: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(name) }, async ({ state, request }) => {
    const { id } = findCluster(state(), name);
    const facts = await request('clusters.facts', { id });
    const usage = await request('clusters.usage', { id });
    if (json) return printJson({ ...facts, usage });
    printProgress(`${name}: ${facts.loginNode}, home ${facts.home}`);
    for (const { name: launcher, version } of facts.launchers) printProgress(`  launcher ${launcher} ${version}`);
    for (const { name: runtime, version } of facts.runtimes) printProgress(`  runtime ${runtime} ${version}`);
    printProgress(`  ${facts.modules.length} modules`);
    printProgress(`  ${describeUsage(usage)}`);
  });
}

/** Signs in once, for later commands that have no terminal. */
export function connectCluster(name: string): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(name) }, async ({ state, request }) => {
    await request('clusters.connect', { id: findCluster(state(), name).id });
    printProgress(`${name} is connected. End that with: tunel clusters disconnect ${name}`);
  });
}

export function disconnectCluster(name: string): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    await request('clusters.disconnect', { id: findCluster(state(), name).id });
    printProgress(`${name} is not connected any more; its running apps go on.`);
  });
}

/** Adds a second host key for a name that several machines answer to. */
export function trustHostKey(name: string, fingerprint: string): Promise<void> {
  return withEngineState({ connects: true }, async ({ state, request }) => {
    const { id } = findCluster(state(), name);
    await request('clusters.trustHostKey', { id, fingerprint });
    await request('clusters.connect', { id });
    printProgress(`${name} is connected.`);
  });
}

export function allowApi(name: string, { off = false }: { off?: boolean }): Promise<void> {
  return withEngineState(demoFor(name), async ({ state, request }) => {
    await request('clusters.allowApi', { id: findCluster(state(), name).id, allow: !off });
    printProgress(off ? `No token opens ${name} any more.` : `Programs with a token may use ${name} now.`);
  });
}

export function removeCluster(name: string): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    await request('clusters.remove', { id: findCluster(state(), name).id });
    printProgress(`Removed ${name}.`);
  });
}

async function saveCluster({ request }: EngineSession, input: ClusterInput, { json }: JsonOption): Promise<void> {
  const { id } = await request('clusters.save', { input });
  if (json) printJson({ id, ...input });
  else printProgress(`Saved ${input.name}. Try it: tunel clusters test ${input.name}`);
}
