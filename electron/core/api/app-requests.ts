import type * as contract from '../../shared/contract/app.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import type { StateStore } from '../state-store.ts';
import type { Storage } from '../storage/types.ts';

interface AppRequestDeps {
  store: StateStore;
  storage: Pick<Storage, 'saveSettings' | 'notices'>;
  /** Reads all recipe folders again. */
  reloadRecipes: () => void;
}

export function appRequests(deps: AppRequestDeps): HandlersOf<keyof typeof contract.requests> {
  const { store, storage, reloadRecipes } = deps;
  return {
    'app.state': () => store.snapshot(),
    'settings.save': (change) => {
      store.set({ settings: storage.saveSettings(change) });
      if (change.recipeFolders !== undefined) reloadRecipes();
    },
    'notices.dismiss': ({ id }) => storage.notices.remove(id),
  };
}
