import type * as contract from '../../shared/contract/history.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { seesCluster, visibleClusters } from '../../shared/tokens.ts';
import type { Storage } from '../storage/types.ts';
import { queryHistory } from './query.ts';

export function historyRequests(
  storage: Pick<Storage, 'findInstance' | 'pageOfInstances' | 'recipeUse' | 'transitions'>,
): HandlersOf<keyof typeof contract.requests> {
  return {
    'history.query': (input, _signal, caller) => queryHistory(storage, input, visibleClusters(caller)),
    'history.get': ({ id }) => {
      const stored = storage.findInstance(id);
      if (stored && !stored.removed) return stored.instance;
      throw new AppError('not-found', message`There is no app ${{ id }} in the history.`);
    },
    'history.recipeUse': () => ({ recipes: storage.recipeUse() }),
    'history.transitions': (input, _signal, caller) => ({
      transitions: storage.transitions(input).filter(({ clusterId }) => seesCluster(caller, clusterId)),
    }),
  };
}
