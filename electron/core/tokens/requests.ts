import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/tokens.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Consents } from './consents.ts';
import type { TokenLimits } from './token-limits.ts';
import type { Tokens } from './tokens.ts';

interface TokenRequestDeps {
  tokens: Tokens;
  consents: Consents;
  limits: Pick<TokenLimits, 'today'>;
  audit: AuditLog;
}

export function tokenRequests({
  tokens,
  consents,
  limits,
  audit,
}: TokenRequestDeps): HandlersOf<keyof typeof contract.requests> {
  return {
    'tokens.create': (input) => tokens.create(input),
    'tokens.list': () => tokens.list().map((token) => ({ ...token, today: limits.today(token) })),
    'tokens.own': (_input, _signal, caller) => (caller.kind === 'token' ? caller.token : null),
    'tokens.update': (input) => tokens.update(input),
    'tokens.revoke': ({ id }) => tokens.revoke(id),
    'tokens.answerConsent': ({ id, answer }) => consents.answer(id, answer),
    'audit.query': (input) => audit.query(input),
  };
}
