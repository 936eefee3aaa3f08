import { expect, type Page } from '@playwright/test';
import type { RequestInput } from '../../electron/shared/contract/index.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { clusterOf } from './apps.ts';
import type { ClusterInfo } from './clusters.ts';
import type { LaunchedApp } from './electron.ts';
import { invoke } from './shell.ts';

/** What the engine knows now, or null while there is none to ask. */
export async function stateNow(window: Page): Promise<EngineState | null> {
  return invoke(window, 'app.state', undefined).then(
    ({ state }) => state,
    () => null,
  );
}

export async function instanceNow(window: Page, id: string): Promise<Instance | undefined> {
  return (await stateNow(window))?.instances.find((entry) => entry.id === id);
}

/** Saves a test cluster in a running app, as ada with her key unless `more` says otherwise. Returns its id. */
export async function saveCluster(window: Page, info: ClusterInfo, more?: Record<string, unknown>): Promise<string> {
  return (await invoke(window, 'clusters.save', { input: clusterOf(info, more) })).id;
}

/** Waits until an app is ready; its own error is what the test fails with. */
export async function untilReady(window: Page, id: string): Promise<void> {
  const seen = async () => {
    const instance = await instanceNow(window, id);
    return instance?.error ? JSON.stringify(instance.error) : instance?.state;
  };
  await expect.poll(seen).toBe('ready');
}

export async function launchReady(window: Page, input: RequestInput<'instances.launch'>): Promise<string> {
  const { id } = await invoke(window, 'instances.launch', input);
  await untilReady(window, id);
  return id;
}

/** Opens the view of a ready app and waits for its page. */
export async function openView({ app, window }: LaunchedApp, id: string): Promise<Page> {
  await invoke(window, 'views.open', { instanceId: id });
  const find = () => app.windows().find((page) => page.url().startsWith(`https://${id}.apps.internal/`));
  await expect.poll(() => find() !== undefined).toBe(true);
  const page = find();
  if (!page) throw new Error('The view has no page.');
  await page.waitForLoadState('load');
  return page;
}

/** Ends one app: others that were found on the cluster may be somebody else's. */
export async function endApp(window: Page, id: string): Promise<void> {
  await invoke(window, 'instances.end', { id });
  await expect.poll(async () => (await instanceNow(window, id))?.endedAt ?? null).not.toBeNull();
}
