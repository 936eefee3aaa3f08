import { type TokenLimits, tokenLimitsSchema } from '../../../../electron/shared/tokens.ts';

const GIGABYTE = 1e9;
export const limitNames = ['jobs', 'bytes', 'cpus', 'gpus', 'hours'] as const satisfies (keyof TokenLimits)[];

/** What the fields of the limits hold: a number, or text while it is none; empty: no limit. Bytes are in GB. */
export type LimitsDraft = Record<keyof TokenLimits, number | string>;
export type LimitErrors = Partial<Record<keyof TokenLimits, string>>;

export const noLimits: LimitsDraft = { jobs: '', cpus: '', gpus: '', hours: '', bytes: '' };

export const limitsDraftOf = ({ bytes, ...others }: TokenLimits): LimitsDraft => ({
  jobs: others.jobs ?? '',
  cpus: others.cpus ?? '',
  gpus: others.gpus ?? '',
  hours: others.hours ?? '',
  bytes: bytes === null ? '' : bytes / GIGABYTE,
});

/** The limits of a draft, or a message for each bad field. */
export function readLimitsDraft(draft: LimitsDraft): { limits: TokenLimits | null; errors: LimitErrors } {
  const values = Object.fromEntries(limitNames.map((name) => [name, readAmount(name, draft[name])]));
  const read = tokenLimitsSchema.safeParse(values);
  if (read.success) return { limits: read.data, errors: {} };
  const bad = new Set(read.error.issues.map(({ path }) => path[0]));
  const errors = Object.fromEntries(limitNames.filter((name) => bad.has(name)).map((name) => [name, ranges[name]]));
  return { limits: null, errors };
}

function readAmount(name: keyof TokenLimits, value: number | string): number | null {
  if (value === '') return null;
  return name === 'bytes' ? Math.round(Number(value) * GIGABYTE) : Number(value);
}

const ranges: Readonly<Record<keyof TokenLimits, string>> = {
  jobs: 'A whole number up to 1,000,000.',
  cpus: 'A whole number from 1.',
  gpus: 'A whole number up to 1,000,000.',
  hours: 'More than 0, up to 100,000.',
  bytes: 'At least 0.',
};
