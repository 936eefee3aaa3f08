import type { AppState } from '../electron/shared/state.ts';

export interface Change {
  revision: number;
  changes: Partial<AppState>;
}

/**
 * What to do with a live change when the mirror stands at `revision`. Changes arrive in order, so any other
 * number than the next means that some were missed or that a new engine counts from the start.
 * `views` belongs to the main process and has no place in the engine's count.
 */
export function judgeChange(revision: number, change: Change): 'apply' | 'views-only' | 'resnapshot' {
  const keys = Object.keys(change.changes);
  if (keys.length === 1 && keys[0] === 'views') return 'views-only';
  return change.revision === revision + 1 ? 'apply' : 'resnapshot';
}

/** Changes that came while a snapshot was on its way: those it holds already are left out, `views` always counts. */
export function afterSnapshot(
  revision: number,
  queued: readonly Change[],
): { revision: number; changes: Partial<AppState> } {
  let changes: Partial<AppState> = {};
  let last = revision;
  for (const change of queued) {
    if (change.revision > last || judgeChange(last, change) === 'views-only') {
      changes = { ...changes, ...change.changes };
      if (judgeChange(last, change) !== 'views-only') last = change.revision;
    }
  }
  return { revision: last, changes };
}
