import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import type { EngineState } from '../shared/state.ts';
import type { Views } from '../windows/views.ts';
import { type DemoJobDeps, runDemoJob } from './demo-job.ts';
import { waitFor } from './demo-wait.ts';
import { takeWindowPicture } from './window-picture.ts';

interface DemoRunDeps extends DemoJobDeps {
  views: Views;
  print(line: string): void;
  /** Fires when Tunel is to quit: the demo ends its app and its job and rejects. */
  signal: AbortSignal;
}

const overallLimit = 120_000;
const stopLimit = 15_000;

/**
 * Log in, run a job and show its result; then upload, start, forward, open an app: the whole path on the demo cluster, by the
 * requests that the page makes. However it ends, neither outlives it.
 */
export async function runDemo(deps: DemoRunDeps): Promise<void> {
  const limit = AbortSignal.any([AbortSignal.timeout(overallLimit), deps.signal]);
  const begun = Date.now();
  const say = (what: string) => deps.print(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  const until = <T>(what: string, look: (state: EngineState) => T | null | undefined) =>
    waitFor(deps, limit, what, () => look(deps.relay.state));

  // Asked for, because the state may still be that of an earlier run, with the port of its demo cluster.
  const { clusterId } = await deps.request('demo.start', undefined);
  const cluster = await until('the demo cluster', ({ clusters }) =>
    clusters.map(({ cluster }) => cluster).find(({ id }) => id === clusterId),
  );
  say('started: the engine, and the demo cluster on this computer');

  await deps.request('clusters.connect', { id: cluster.id });
  await until('the connection', ({ clusters }) =>
    clusters.find((entry) => entry.cluster.id === cluster.id && entry.connection.state === 'connected'),
  );
  say(`connected: ${cluster.user}@${cluster.host}:${cluster.port} over SSH`);

  limit.throwIfAborted();
  await runDemoJob(deps, cluster.id, limit, say);

  limit.throwIfAborted();
  const { id } = await deps.request('instances.launch', { clusterId: cluster.id, recipe: 'hello' });
  try {
    await show(deps, limit, id, say);
  } catch (error) {
    // What went wrong first is what is printed last.
    await stop(deps, id, say).catch((failure: unknown) => say(`not stopped: ${AppError.from(failure).message}`));
    throw error;
  }
  await stop(deps, id, say);
}

/** From the launched app to the picture of its page. */
async function show(deps: DemoRunDeps, limit: AbortSignal, id: string, say: (what: string) => void): Promise<void> {
  const printed = new Set<string>();
  const instance = await waitFor(deps, limit, 'the app', () => {
    const found = deps.relay.state.instances.find((entry) => entry.id === id);
    for (const step of found?.steps ?? []) {
      if (step.state !== 'done' || printed.has(step.name)) continue;
      printed.add(step.name);
      say(`step ${step.name}: done`);
    }
    if (found?.error && found.endedAt !== null) throw AppError.revive(found.error);
    return found?.state === 'ready' ? found : null;
  });
  say(`ready: ${instance.title}, by ${instance.route?.text ?? 'an unnamed route'}`);

  await deps.views.open(id);
  const view = await waitFor(deps, limit, 'the page', () => {
    const found = deps.relay.views.list.find((entry) => entry.instanceId === id);
    if (found?.error) throw new AppError('internal', found.error);
    return found && !found.loading && deps.views.isShown(id) ? deps.views.selected() : null;
  });
  say(`page title: ${view.contents.getTitle()}`);

  // The page is asked for a frame: what was loaded is on the screen after it.
  await view.contents.executeJavaScript(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
  mkdirSync(deps.outputFolder, { recursive: true });
  const file = join(deps.outputFolder, 'tunel-demo.png');
  writeFileSync(file, await takeWindowPicture(deps.window));
  say(`screenshot: ${file}`);
}

async function stop(deps: DemoRunDeps, id: string, say: (what: string) => void): Promise<void> {
  await deps.request('instances.stop', { id });
  await waitFor(deps, AbortSignal.timeout(stopLimit), 'the end of the app', () =>
    deps.relay.state.instances.find((entry) => entry.id === id && entry.endedAt !== null),
  );
  say('stopped: nothing is left running');
}
