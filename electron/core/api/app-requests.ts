import type * as contract from '../../shared/contract/app.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import type { Settings } from '../../shared/state.ts';
import type { StateStore } from '../state-store.ts';

interface AppRequestDeps {
  snapshot: StateStore['snapshot'];
  saveSettings: (change: Partial<Settings>) => void;
  dismissNotice: (id: string) => void;
  /** Reads all recipe folders again. */
  reloadRecipes: () => void;
}

export function appRequests(deps: AppRequestDeps): HandlersOf<keyof typeof contract.requests> {
  return {
    'app.state': () => deps.snapshot(),
    'settings.save': (change) => {
      deps.saveSettings(change);
      if (change.recipeFolders !== undefined) deps.reloadRecipes();
    },
    'notices.dismiss': ({ id }) => deps.dismissNotice(id),
  };
}
