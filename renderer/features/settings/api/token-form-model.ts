import type { RequestInput } from '../../../../electron/shared/contract/index.ts';
import { type TokenScope, tokenNameSchema } from '../../../../electron/shared/tokens.ts';

const DAY = 24 * 60 * 60_000;

export const lifetimes = ['7', '30', '90', '365', 'date', 'never'] as const;
export type Lifetime = (typeof lifetimes)[number];

/** What the form holds: the input of a token while it may still be wrong. */
export interface TokenDraft {
  name: string;
  scopes: TokenScope[];
  /** Every cluster that allows the API, also later ones. */
  isForAll: boolean;
  clusters: string[];
  lifetime: Lifetime;
  /** `2026-12-29`, where the lifetime is a date. */
  date: string;
  /** The first use of each scope waits for the user. */
  ask: boolean;
  confirmsWrites: boolean;
}

export type TokenErrors = Partial<Record<'name' | 'scopes' | 'clusters' | 'date', string>>;

export const emptyToken: TokenDraft = {
  name: '',
  scopes: ['read'],
  isForAll: false,
  clusters: [],
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

/** When the token ends, epoch ms; null: never; `bad`: no date in the future was given. */
function endOf({ lifetime, date }: TokenDraft, now: number): number | null | 'bad' {
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
  const errors: TokenErrors = {};
  const name = tokenNameSchema.safeParse(draft.name);
  if (!name.success) errors.name = name.error.issues[0]?.message ?? 'Give the token another name.';
  if (draft.scopes.length === 0) errors.scopes = 'Choose what it may do.';
  if (!draft.isForAll && draft.clusters.length === 0) errors.clusters = 'Choose at least one cluster.';
  const expiresAt = endOf(draft, now);
  if (expiresAt === 'bad') errors.date = 'A day from today on.';
  if (!name.success || expiresAt === 'bad' || Object.keys(errors).length > 0) return { input: null, errors };
  const { scopes, ask, confirmsWrites } = draft;
  const clusters = draft.isForAll ? null : draft.clusters;
  return { input: { name: name.data, scopes, clusters, expiresAt, ask, confirmsWrites }, errors };
}
