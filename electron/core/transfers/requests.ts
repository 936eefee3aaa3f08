import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/transfers.ts';
import type { Transfers } from './transfers.ts';

export function transferRequests(transfers: Transfers): HandlersOf<keyof typeof contract.requests> {
  return {
    'transfers.start': (input) => transfers.start(input),
    'transfers.list': (input) => transfers.list(input),
    'transfers.get': ({ id }) => transfers.get(id),
    'transfers.pause': ({ id }) => transfers.pause(id),
    'transfers.resume': ({ id }) => transfers.resume(id),
    'transfers.cancel': ({ id }) => transfers.cancel(id),
    'transfers.retry': ({ id }) => transfers.retry(id),
    'transfers.remove': ({ id }) => transfers.remove(id),
    'transfers.answerConflict': (input) => transfers.answerConflict(input),
    'transfers.move': ({ id, before }) => transfers.move(id, before),
    'transfers.setLimit': ({ id, limit }) => transfers.setLimit(id, limit),
  };
}
