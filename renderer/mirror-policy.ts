import { applyPatches } from '../electron/shared/apply-patches.ts';
import type { AppState } from '../electron/shared/state.ts';
import type { StateChange, StatePatch } from '../electron/shared/state-patch.ts';

/**
 * What to do with a live change when the mirror stands at `revision`. Changes arrive in order, so any other
 * number than the next means that some were missed or that a new engine counts from the start.
 * `views` belongs to the main process and is not part of the engine's count.
 */
export function judgeChange(revision: number, change: StateChange): 'apply' | 'views-only' | 'resnapshot' {
  if (change.patches.length > 0 && change.patches.every(concernsViewsOnly)) return 'views-only';
  return change.revision === revision + 1 ? 'apply' : 'resnapshot';
}

/** Whole slices are right whatever was missed; patches of entities are not. */
export function wholeSlicesOf({ patches }: StateChange): Partial<AppState> {
  return Object.assign({}, ...patches.map((patch) => (patch.op === 'replace' ? patch.slices : {})));
}

/** A snapshot with the changes that came while it was on its way. Those it holds already are left out; `views` always counts. */
export function afterSnapshot(
  snapshot: { revision: number; state: AppState },
  queued: readonly StateChange[],
): { revision: number; state: AppState } {
  let { revision, state } = snapshot;
  for (const change of queued) {
    const viewsOnly = judgeChange(revision, change) === 'views-only';
    if (!viewsOnly && change.revision <= revision) continue;
    state = applyPatches(state, change.patches);
    if (!viewsOnly) revision = change.revision;
  }
  return { revision, state };
}

const concernsViewsOnly = (patch: StatePatch): boolean =>
  patch.op === 'replace' && Object.keys(patch.slices).every((slice) => slice === 'views');
