import { AppError } from '../../electron/shared/errors.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import { message } from '../../electron/shared/messages.ts';
import { recipeNames, resolveRecipeName } from '../../electron/shared/recipe-name-policy.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster, hasEnded } from '../find-in-state.ts';
import { findInstance } from '../find-instance.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';
import { untilConnected, untilReached } from '../wait-for-connection.ts';

export interface StopAppOptions extends JsonOption {
  now?: boolean;
}

export function stopApp(name: string, recipe: string | undefined, { now, json }: StopAppOptions): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    await untilConnected(session);
    const apps = recipe === undefined ? [await findInstance(session, name)] : findApps(session.state(), name, recipe);
    const last = await stopAll(session, apps, now === true);
    if (json) return printJson(recipe === undefined ? last[0] : last);
    printEnds(last);
  });
}

/** Ends apps that run and waits until they have ended. */
export function stopAll(session: StateSession, apps: readonly Instance[], now: boolean): Promise<Instance[]> {
  return Promise.all(
    apps.map(async (app) => {
      if (!hasEnded(app)) await session.request(now ? 'instances.end' : 'instances.stop', { id: app.id });
      return untilReached(session, app, hasEnded);
    }),
  );
}

export function printEnds(apps: readonly Instance[]): void {
  for (const app of apps) printProgress(`${app.title} has ${app.state === 'failed' ? 'failed' : 'ended'}.`);
}

/** A part of a name means what runs; every other name is looked up among all recipes, as a launch does. */
function runningFirst(asked: string, running: readonly string[], known: readonly string[]): string[] {
  const all = [...new Set([...running, ...known])];
  if (all.includes(asked) || !running.some((name) => name.includes(asked))) return all;
  return [...new Set(running)];
}

/** Running apps of one recipe on a cluster, as Tunel names them. */
function findApps(state: EngineState, clusterName: string, recipe: string): Instance[] {
  const clusterId = findCluster(state, clusterName).id;
  const apps = state.instances.filter((app) => app.clusterId === clusterId && !hasEnded(app));
  const running = apps.map((app) => app.recipe);
  const { name } = resolveRecipeName(recipe, runningFirst(recipe, running, recipeNames(state.recipes)));
  const found = apps.filter((app) => app.recipe === name);
  if (found.length > 0) return found;
  throw new AppError('not-found', message`Nothing of “${{ recipe }}” runs on ${{ clusterName }}.`, {
    hint: 'See them with: tunel ps',
  });
}
