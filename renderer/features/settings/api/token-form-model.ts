import type { RequestInput } from '../../../../electron/shared/contract/index.ts';
import { type TokenScope, tokenNameSchema } from '../../../../electron/shared/tokens.ts';
import { type LimitErrors, type LimitsDraft, noLimits, readLimitsDraft } from './token-limits-draft.ts';

const badDate = 'A day from today on.';
const DAY = 24 * 60 * 60_000;

export const lifetimes = ['7', '30', '90', '365', 'date', 'never'] as const;
export type Lifetime = (typeof lifetimes)[number];

/** When a token is to end; `keep`: as before. */
export interface EndDraft {
  lifetime: Lifetime | 'keep';
  /** `2026-12-29`, where the lifetime is a date. */
  date: string;
}

/** What the form of a new token holds: the input of a token while it may still be wrong. */
export interface TokenDraft extends EndDraft {
  name: string;
  scopes: TokenScope[];
  /** Every cluster that allows the API, also later ones. */
  isForAll: boolean;
  clusters: string[];
  limits: LimitsDraft;
  /** The first use of each scope waits for the user. */
  ask: boolean;
  confirmsWrites: boolean;
}

export interface TokenErrors extends Partial<Record<'name' | 'scopes' | 'clusters' | 'date', string>> {
  limits: LimitErrors;
}

export const emptyToken: TokenDraft = {
  name: '',
  scopes: ['read'],
  isForAll: false,
  clusters: [],
  limits: noLimits,
  lifetime: '30',
  date: '',
  ask: true,
  confirmsWrites: false,
};

/** The end of the day that a field for a date holds, in this computer's time zone; null: it holds none. */
export function endOfDay(date: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  return new Date(Number(year), Number(month) - 1, Number(day), 23, 59, 59).getTime();
}

/** When the token ends, epoch ms; null: never; undefined: as before; `bad`: no date in the future was given. */
function endOf({ lifetime, date }: EndDraft, now: number): number | null | undefined | 'bad' {
  if (lifetime === 'keep') return undefined;
  if (lifetime === 'never') return null;
  if (lifetime !== 'date') return now + Number(lifetime) * DAY;
  const end = endOfDay(date);
  return end === null || end <= now ? 'bad' : end;
}

/** The draft checked: the input of `tokens.create`, or a message for each bad field. */
export function checkToken(
  draft: TokenDraft,
  now: number,
): { input: RequestInput<'tokens.create'> | null; errors: TokenErrors } {
  const { limits, errors: limitErrors } = readLimitsDraft(draft.limits);
  const errors: TokenErrors = { limits: limitErrors };
  const name = tokenNameSchema.safeParse(draft.name);
  if (!name.success) errors.name = name.error.issues[0]?.message ?? 'Give the token another name.';
  if (draft.scopes.length === 0) errors.scopes = 'Choose what it may do.';
  if (!draft.isForAll && draft.clusters.length === 0) errors.clusters = 'Choose at least one cluster.';
  const expiresAt = endOf(draft, now);
  if (expiresAt === 'bad') errors.date = badDate;
  const isComplete = errors.scopes === undefined && errors.clusters === undefined;
  if (!isComplete || !name.success || !limits || expiresAt === 'bad') return { input: null, errors };
  const { scopes, ask, confirmsWrites } = draft;
  const clusters = draft.isForAll ? null : draft.clusters;
  const input = { name: name.data, scopes, clusters, expiresAt: expiresAt ?? null, ask, confirmsWrites, limits };
  return { input, errors };
}

/** What the form of a token's limits and end holds. */
export interface TokenChangeDraft extends EndDraft {
  limits: LimitsDraft;
}

/** That draft checked: what is changed by `tokens.update`, or a message for each bad field. */
export function checkChange(
  draft: TokenChangeDraft,
  now: number,
): { change: Omit<RequestInput<'tokens.update'>, 'id'> | null; errors: Pick<TokenErrors, 'limits' | 'date'> } {
  const { limits, errors: limitErrors } = readLimitsDraft(draft.limits);
  const expiresAt = endOf(draft, now);
  if (expiresAt === 'bad') return { change: null, errors: { limits: limitErrors, date: badDate } };
  const change = limits && { limits, ...(expiresAt !== undefined && { expiresAt }) };
  return { change, errors: { limits: limitErrors } };
}
