import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/tokens.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Tokens } from './tokens.ts';

export function tokenRequests(tokens: Tokens, audit: AuditLog): HandlersOf<keyof typeof contract.requests> {
  return {
    'tokens.create': (input) => tokens.create(input),
    'tokens.list': () => tokens.list(),
    'tokens.revoke': ({ id }) => tokens.revoke(id),
    'audit.query': (input) => audit.query(input),
  };
}
