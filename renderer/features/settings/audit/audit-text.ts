import type { AuditEntry } from '../../../../electron/shared/audit.ts';
import { formatDuration } from '../../../text/time.ts';

/** Codes of a call that was not let through, as the reason after `refused`. */
const refusals: Readonly<Record<string, string>> = {
  'token-invalid': 'not valid',
  'token-expired': 'expired',
  'token-revoked': 'revoked',
  'scope-missing': 'scope',
  'not-permitted': 'not permitted',
  'api-disabled': 'not enabled',
  'api-forbidden': 'by the site',
  'token-limit': 'limit',
  'consent-denied': 'by you',
  'consent-needed': 'no answer',
};

export interface ResultText {
  kind: 'done' | 'refused' | 'cancelled' | 'failed';
  text: string;
}

/** `done in 18 ms`, `refused: revoked`, `failed: sign-in needed`. */
export function describeResult({ result, duration }: Pick<AuditEntry, 'result' | 'duration'>): ResultText {
  if (result === 'ok') return { kind: 'done', text: `done in ${formatLength(duration)}` };
  if (result === 'cancelled') return { kind: 'cancelled', text: 'cancelled' };
  const refusal = Object.hasOwn(refusals, result) ? refusals[result] : undefined;
  if (refusal !== undefined) return { kind: 'refused', text: `refused: ${refusal}` };
  return {
    kind: 'failed',
    text: `failed: ${result === 'sign-in-needed' ? 'sign-in needed' : result.replaceAll('-', ' ')}`,
  };
}

/** `18 ms`, `4.1 s`, `12 min`. */
export const formatLength = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : formatDuration(ms));

export const describeClient = ({ client, tokenName }: Pick<AuditEntry, 'client' | 'tokenName'>): string =>
  client === 'owner' ? 'You' : client === 'token' ? tokenName : 'unknown token';

/** On a clock of 24 hours, as everywhere in the window. Made once: a formatter takes longer to make than to use. */
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });

export const formatSeconds = (at: number): string => clock.format(at);
export const formatWhole = (at: number): string => whole.format(at);

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** `Today`, `Yesterday`, `Saturday 28 November`. */
export function formatLogDay(at: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  return days <= 0 ? 'Today' : days === 1 ? 'Yesterday' : weekday.format(at);
}

export const dayOf = midnight;
