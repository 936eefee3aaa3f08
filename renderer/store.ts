import { create } from 'zustand';
import { applyPatches } from '../electron/shared/apply-patches.ts';
import { AppError } from '../electron/shared/errors.ts';
import { type AppState, emptyState } from '../electron/shared/state.ts';
import type { StateChange } from '../electron/shared/state-patch.ts';
import { invoke, listen } from './bridge.ts';
import { afterSnapshot, judgeChange, wholeSlicesOf } from './mirror-policy.ts';

export interface Mirror extends AppState {
  revision: number;
  /** False until the first snapshot has come. */
  loaded: boolean;
  /** Why the last snapshot could not be had. */
  loadError: AppError | null;
}

/** A read-only mirror of the engine's state. Only `startMirror` writes to it. */
export const useStore = create<Mirror>(() => ({ ...emptyState, revision: 0, loaded: false, loadError: null }));

/** Follows the engine until the returned function is called. A gap in revisions, or a new engine, asks for all again. */
export function startMirror(): () => void {
  let waiting: StateChange[] | null = [];
  let stopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const take = (change: StateChange) => {
    if (waiting) {
      waiting.push(change);
      useStore.setState(wholeSlicesOf(change));
      return;
    }
    const mirror = useStore.getState();
    const verdict = judgeChange(mirror.revision, change);
    if (verdict === 'resnapshot') {
      useStore.setState(wholeSlicesOf(change));
      void snapshot();
    } else {
      const { revision } = verdict === 'apply' ? change : mirror;
      useStore.setState({ ...applyPatches(mirror, change.patches), revision });
    }
  };

  const snapshot = async () => {
    waiting = [];
    try {
      const { revision, state } = await invoke('app.state', undefined);
      if (stopped) return;
      const { views } = useStore.getState();
      const later = afterSnapshot({ revision, state: { ...state, views } }, waiting ?? []);
      waiting = null;
      useStore.setState({ ...later.state, revision: later.revision, loaded: true, loadError: null });
    } catch (error) {
      if (stopped) return;
      useStore.setState({ loadError: AppError.from(error) });
      // The engine may be restarting; main answers again once it is back.
      retry = setTimeout(() => void snapshot(), 1000);
    }
  };

  const unlisten = listen('state.changed', take);
  void snapshot();
  return () => {
    stopped = true;
    clearTimeout(retry);
    unlisten();
  };
}
