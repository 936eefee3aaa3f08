import type { Consent } from '../../shared/consents.ts';
import type { Scope } from '../../shared/contract/define.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Token, TokenScope } from '../../shared/tokens.ts';

interface CheckedCall {
  name: string;
  scope: Scope;
  writes: boolean;
}

/** What the user has to decide before a token makes a call that it otherwise may; null: nothing. */
export function neededConsent(
  { asksFor, confirmsWrites, allowedCalls }: Pick<Token, 'asksFor' | 'confirmsWrites' | 'allowedCalls'>,
  { name, scope, writes }: CheckedCall,
): { kind: Consent['kind']; scope: TokenScope } | null {
  if (scope === 'owner') return null;
  if (asksFor.includes(scope)) return { kind: 'scope', scope };
  return writes && confirmsWrites && !allowedCalls.includes(name) ? { kind: 'write', scope } : null;
}

/** Whether one answer, `allow` or `deny`, decides both. */
export const isSameQuestion = (a: Consent, b: Consent): boolean =>
  a.tokenId === b.tokenId && a.kind === b.kind && (a.kind === 'scope' ? a.scope === b.scope : a.call === b.call);

type Question = Pick<Consent, 'tokenName' | 'call'>;

export const consentDenied = ({ tokenName, call }: Question): AppError =>
  new AppError('consent-denied', message`The user did not allow ${{ call }} of “${{ token: tokenName }}”.`);

export const nobodyConsented = ({ tokenName, call }: Question): AppError =>
  new AppError('consent-needed', message`Nobody has allowed ${{ call }} of “${{ token: tokenName }}”.`, {
    hint: 'Answer the question in the window of Tunel, or with: tunel token allow; then make the call again.',
  });
