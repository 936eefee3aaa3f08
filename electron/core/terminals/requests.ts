import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/terminals.ts';
import type { Terminals } from './types.ts';

export const terminalRequests = (terminals: Terminals): HandlersOf<keyof typeof contract.requests> => ({
  'terminals.list': ({ clusterId }, signal) => terminals.listKept(clusterId, signal),
  'terminals.close': (asked, signal) => terminals.closeKept(asked, signal),
});
