import {
  type Token,
  type TokenLimits,
  type TokenScope,
  type TokenUsage,
  tokenScopes,
  type UsedToken,
} from '../../../../electron/shared/tokens.ts';
import { count, formatFileSize } from '../../../text/size.ts';
import { formatAgo, formatAhead } from '../../../text/time.ts';

const DAY = 24 * 60 * 60_000;
/** An end that is nearer is said in days, one that is farther as a date. */
const NEAR_DAYS = 28;

/** What a scope allows, for a person who does not know the API. */
export const scopeTexts: Readonly<Record<TokenScope, { title: string; text: string }>> = {
  read: { title: 'Look', text: 'Clusters, queues, running apps, jobs, logs and history. Changes nothing.' },
  files: { title: 'Files', text: 'Uploads to a cluster and downloads from it.' },
  launch: { title: 'Apps', text: 'Starts apps and stops them.' },
  jobs: { title: 'Batch jobs', text: 'Submits batch jobs, changes and cancels them.' },
  shell: { title: 'Everything', text: 'Any command as you, which includes all of the above.' },
};

/** In the order of what they allow. */
export const orderScopes = (scopes: readonly TokenScope[]): TokenScope[] =>
  tokenScopes.filter((scope) => scopes.includes(scope));

export const isUsable = ({ revokedAt, expiresAt }: Token, now: number): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

/** `not used yet`, `used 2 min ago, changes are confirmed`, `used yesterday`. */
export const describeUse = (token: Pick<Token, 'lastUsedAt' | 'confirmsWrites'>, now: number): string =>
  `${describeLastUse(token, now)}${token.confirmsWrites ? ', changes are confirmed' : ''}`;

function describeLastUse({ lastUsedAt }: Pick<Token, 'lastUsedAt'>, now: number): string {
  if (lastUsedAt === null) return 'not used yet';
  // The time is kept to the minute.
  return now - lastUsedAt < 60_000 ? 'used just now' : `used ${formatPast(lastUsedAt, now)}`;
}

/** `never`, `in 12 days`, `29 December`; of what is over `revoked yesterday` or `expired 3 December`. */
export function describeEnd({ revokedAt, expiresAt }: Pick<Token, 'revokedAt' | 'expiresAt'>, now: number): string {
  if (revokedAt !== null) return `revoked ${formatPast(revokedAt, now)}`;
  if (expiresAt === null) return 'never';
  if (expiresAt <= now) return `expired ${formatPast(expiresAt, now)}`;
  return expiresAt - now < NEAR_DAYS * DAY ? formatAhead(expiresAt, now) : formatDate(expiresAt, now);
}

function formatPast(at: number, now: number): string {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days === 0) {
    const hours = Math.floor((now - at) / 3_600_000);
    return hours < 1 ? formatAgo(at, now) : `${hours} h ago`;
  }
  return days === 1 ? 'yesterday' : formatDate(at, now);
}

/** `29 December`, with the year where it is another one. */
export function formatDate(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    ...(!isThisYear && { year: 'numeric' }),
  });
}

/** `12 of 40 jobs` of the limit that is nearest, and what share of it; `214 calls` where there is none for a day. */
export function describeToday({ limits, today }: Pick<UsedToken, 'limits' | 'today'>): {
  text: string;
  share: number | null;
} {
  const used = [
    ...(limits.jobs === null
      ? []
      : [{ text: `${today.jobs} of ${count(limits.jobs, 'job')}`, ...shareOf(today.jobs, limits.jobs) }]),
    ...(limits.bytes === null
      ? []
      : [
          {
            text: `${formatFileSize(today.bytes)} of ${formatFileSize(limits.bytes)}`,
            ...shareOf(today.bytes, limits.bytes),
          },
        ]),
  ].sort((a, b) => b.share - a.share);
  return used[0] ?? { text: count(today.calls, 'call'), share: null };
}

const shareOf = (used: number, limit: number): { share: number } => ({
  share: limit === 0 ? 1 : Math.min(1, used / limit),
});

/** `214 calls, 12 jobs, 1.2 GB`. */
export const describeUsage = ({ calls, jobs, bytes }: TokenUsage): string =>
  [count(calls, 'call'), count(jobs, 'job'), formatFileSize(bytes)].join(', ');

/** All limits, for a tooltip: `40 jobs and 50 GB a day; 8 CPUs, 1 GPU and 12 h a job`; `` where there is none. */
export function describeLimits({ jobs, bytes, cpus, gpus, hours }: TokenLimits): string {
  const list = (parts: (string | false)[], per: string) => {
    const given = parts.filter((part) => part !== false);
    return given.length === 0 ? [] : [`${given.join(', ')} ${per}`];
  };
  return [
    ...list([jobs !== null && count(jobs, 'job'), bytes !== null && formatFileSize(bytes)], 'a day'),
    ...list(
      [cpus !== null && count(cpus, 'CPU'), gpus !== null && count(gpus, 'GPU'), hours !== null && `${hours} h`],
      'a job',
    ),
  ].join('; ');
}

/** The first and last characters of a token, which tell it from others. */
export const maskToken = (text: string): string => `${text.slice(0, 9)}${'•'.repeat(16)}${text.slice(-4)}`;
