import type * as contract from '../../shared/contract/history.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { isOver } from '../../shared/instance-policy.ts';
import type { Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { visibleClusters } from '../../shared/tokens.ts';
import type { Storage } from '../storage/types.ts';
import { queryHistory } from './query.ts';

/** `listed`: the apps as this engine knows them, such as a launch that its predecessor left unfinished. */
export function historyRequests(
  storage: Pick<Storage, 'findInstance' | 'pageOfInstances' | 'recipeUse' | 'transitions'>,
  listed: () => readonly Instance[],
): HandlersOf<keyof typeof contract.requests> {
  // What is saved of one that is not over may be of another process.
  const current = (saved: Instance): Instance =>
    isOver(saved.state) ? saved : (listed().find(({ id }) => id === saved.id) ?? saved);
  return {
    'history.query': (input, _signal, caller) => {
      const page = queryHistory(storage, input, visibleClusters(caller));
      // Pages are without logs.
      const instances = page.instances.map((saved) => ({ ...current(saved), logTail: '', logSpan: null }));
      return { ...page, instances };
    },
    'history.get': ({ id }) => {
      const stored = storage.findInstance(id);
      if (stored && !stored.removed) return current(stored.instance);
      throw new AppError('not-found', message`There is no app ${{ id }} in the history.`);
    },
    'history.recipeUse': () => ({ recipes: storage.recipeUse() }),
    'history.transitions': (input, _signal, caller) => ({
      transitions: storage.transitions({ ...input, clusters: visibleClusters(caller) }),
    }),
  };
}
