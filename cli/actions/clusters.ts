import { clusterInputSchema, describeUsage } from '../../electron/shared/clusters.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printResult } from '../output.ts';
import { connectionOf } from '../wait-for-connection.ts';
import { showConnectionWait } from '../wait-status.ts';

export function testCluster(name: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(name) }, async ({ state, request }) => {
    const input = clusterInputSchema.parse(findCluster(state(), name));
    const found = await request('clusters.test', { input });
    if (json) return printJson(found);
    printResult(`${name} works: ${found.loginNode}, ${Math.round(found.roundTrip)} ms.`);
    for (const { name: launcher, version, queues } of found.launchers) {
      const named = queues.length > 0 ? `, queues ${queues.map((queue) => queue.name).join(', ')}` : '';
      printResult(`  ${launcher} ${version}${named}`);
    }
    const { socketForwarding, portForwarding } = found;
    printResult(`  forwarding: sockets ${socketForwarding ? 'yes' : 'no'}, ports ${portForwarding ? 'yes' : 'no'}`);
  });
}

/** What was detected, and what this engine's connections have cost there. */
export function showFacts(name: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(name) }, async ({ state, request }) => {
    const { id } = findCluster(state(), name);
    const facts = await request('clusters.facts', { id });
    const usage = await request('clusters.usage', { id });
    if (json) return printJson({ ...facts, usage });
    printResult(`${name}: ${facts.loginNode}, home ${facts.home}`);
    for (const { name: launcher, version } of facts.launchers) printResult(`  launcher ${launcher} ${version}`);
    for (const { name: runtime, version } of facts.runtimes) printResult(`  runtime ${runtime} ${version}`);
    printResult(`  ${facts.modules.length} modules`);
    printResult(`  ${describeUsage(usage)}`);
  });
}

/** Signs in once, for later commands that have no terminal. */
export function connectCluster(name: string, options: JsonOption): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(name) }, async (session) => {
    const { id } = findCluster(session.state(), name);
    // Whoever asks does not want to wait for the time of the next attempt.
    const isWaiting = connectionOf(session.state(), id)?.state === 'reconnecting';
    if (isWaiting) await session.request('clusters.retry', { id });
    await connect(session, id, options, `${name} is connected. End that with: tunel clusters disconnect ${name}`);
  });
}

/** Adds a second host key for a name that several machines answer to. */
export function trustHostKey(name: string, fingerprint: string, options: JsonOption): Promise<void> {
  return withEngineState({ connects: true }, async (session) => {
    const { id } = findCluster(session.state(), name);
    await session.request('clusters.trustHostKey', { id, fingerprint });
    await connect(session, id, options, `${name} is connected.`);
  });
}

async function connect(session: StateSession, id: string, options: JsonOption, text: string): Promise<void> {
  const { request } = session;
  const hide = showConnectionWait(session, id);
  await request('clusters.connect', { id }).finally(hide);
  printDone(options, await request('clusters.get', { id }), text);
}

export function disconnectCluster(name: string, options: JsonOption): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const { id } = findCluster(state(), name);
    await request('clusters.disconnect', { id });
    printDone(options, { id }, `${name} is not connected any more; its running apps go on.`);
  });
}

export function forgetPasswords(name: string, options: JsonOption): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const { id } = findCluster(state(), name);
    await request('clusters.forgetSecrets', { id });
    printDone(options, { id }, `The passwords of ${name} are removed; its next sign-in asks for them.`);
  });
}

export function allowApi(name: string, { off = false, json }: JsonOption & { off?: boolean }): Promise<void> {
  return withEngineState(demoFor(name), async ({ state, request }) => {
    const { id } = findCluster(state(), name);
    await request('clusters.allowApi', { id, allow: !off });
    const text = off ? `No token opens ${name} any more.` : `Programs with a token may use ${name} now.`;
    printDone({ json }, { id, allowsApi: !off }, text);
  });
}
