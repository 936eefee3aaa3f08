import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { type Obstacle, obstacleTo } from '../../relaunch-policy.ts';
import { useStore } from '../../store.ts';
import { type LaunchOrigin, ui } from '../../ui-store.ts';

const origins: Record<Obstacle, LaunchOrigin> = {
  misfit: { kind: 'misfit' },
  'cluster-gone': { kind: 'moved' },
  'recipe-gone': null,
  secret: null,
};

function obstacleNow(input: LaunchInput): Obstacle | null {
  const { recipes, clusters } = useStore.getState();
  return obstacleTo(
    input,
    recipes.list.find((recipe) => recipe.name === input.recipe),
    clusters.find(({ cluster }) => cluster.id === input.clusterId),
  );
}

function openForm(input: LaunchInput, why: Obstacle | null): void {
  ui.launch(input.recipe, input, why && origins[why]);
}

/** The form with what was launched before; what no longer fits is marked. */
export const editLaunch = (input: LaunchInput): void => openForm(input, obstacleNow(input));

/** Launches once more what was launched before; where that cannot be, the form opens and says why. */
export function launchAgain(input: LaunchInput, title: string): void {
  const why = obstacleNow(input);
  if (why) openForm(input, why);
  else void attempt(`${title} was not launched`, invoke('instances.launch', input));
}
