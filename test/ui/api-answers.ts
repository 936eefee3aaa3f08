import type { AuditEntry } from '../../electron/shared/audit.ts';
import type { Consent } from '../../electron/shared/consents.ts';
import type { ParsedInput, RequestOutput } from '../../electron/shared/contract/index.ts';
import { requests } from '../../electron/shared/contract/tokens.ts';
import { type UsedToken, usedTokenSchema } from '../../electron/shared/tokens.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What is invented for the pages of the API: tokens of each state, newest first. */
export function fixtureTokens(now: number): UsedToken[] {
  const token = (id: string, name: string, changes: Partial<Omit<UsedToken, 'limits'>> & { limits?: object }) =>
    usedTokenSchema.parse({
      ...{ id, name, scopes: ['read'], clusters: ['slurm'], createdAt: now - 40 * DAY },
      ...{ expiresAt: null, revokedAt: null, lastUsedAt: null, today: { calls: 0, jobs: 0, bytes: 0 } },
      ...changes,
    });
  return [
    token('a1', 'nightly-sync', {
      scopes: ['files'],
      createdAt: now - MINUTE,
      expiresAt: now + 29 * DAY,
      limits: { bytes: 50e9 },
    }),
    token('a2', 'analysis-notebook', {
      scopes: ['read', 'files', 'jobs'],
      clusters: ['slurm', 'pool'],
      expiresAt: now + 12 * DAY,
      lastUsedAt: now - 2 * MINUTE,
      asksFor: ['jobs'],
      limits: { jobs: 40, cpus: 8, hours: 12 },
      today: { calls: 96, jobs: 12, bytes: 1.2e9 },
    }),
    token('a3', 'editor-agent', {
      clusters: null,
      confirmsWrites: true,
      lastUsedAt: now - 9 * MINUTE,
      today: { calls: 214, jobs: 0, bytes: 0 },
    }),
    token('a4', 'ci-on-my-own-runner-with-a-long-name-that-is-cut', {
      scopes: ['launch', 'jobs'],
      clusters: ['genomics', 'demo'],
      limits: { jobs: 40 },
      today: { calls: 77, jobs: 36, bytes: 0 },
      expiresAt: now + 2 * DAY,
      lastUsedAt: now - DAY,
    }),
    token('a5', 'old-laptop', { revokedAt: now - 3 * DAY, lastUsedAt: now - 4 * DAY }),
    token('a6', 'course-2025', { scopes: ['launch'], expiresAt: now - 60 * DAY }),
  ];
}

export const fixtureConsent = (now: number): Consent => ({
  id: 'c1',
  kind: 'scope',
  tokenId: 'a2',
  tokenName: 'analysis-notebook',
  scope: 'jobs',
  call: 'jobs.submit',
  detail: 'train-segmentation-unet-v3',
  clusterId: 'slurm',
  clusterName: 'slurm',
  askedAt: now - 12_000,
  expiresAt: now + 108_000,
});

const calls: (Partial<AuditEntry> & Pick<AuditEntry, 'call'>)[] = [
  { call: 'jobs.submit', detail: 'train-segmentation-unet-v3', tokenName: 'analysis-notebook', tokenId: 'a2' },
  { call: 'history.query', tokenName: 'analysis-notebook', tokenId: 'a2', duration: 41 },
  { call: 'instances.log', detail: '4824017', tokenName: 'editor-agent', tokenId: 'a3' },
  {
    ...{ call: 'files.remove', detail: '/scratch/user01/old.h5', tokenName: 'editor-agent', tokenId: 'a3' },
    result: 'scope-missing',
  },
  {
    ...{ call: 'instances.launch', detail: 'smoke-test', clusterId: 'demo', clusterName: 'demo' },
    ...{ tokenName: 'ci-on-my-own-runner-with-a-long-name-that-is-cut', tokenId: 'a4' },
  },
  { call: 'instances.launch', detail: 'jupyter', client: 'owner', duration: 61 },
  { call: '/v1/clusters/list', client: 'unknown', result: 'token-revoked', clusterId: null, clusterName: '' },
  {
    ...{ call: 'files.download', detail: '/scratch/user01/film-298K-run-17.h5', tokenName: 'nightly-sync' },
    ...{ tokenId: 'a1', duration: 63_000 },
  },
  {
    ...{ call: 'instances.launch', detail: 'rstudio', tokenName: 'analysis-notebook', tokenId: 'a2' },
    ...{ result: 'consent-denied', clusterId: 'pool', clusterName: 'pool' },
  },
  {
    ...{ call: 'clusters.facts', tokenName: 'editor-agent', tokenId: 'a3', result: 'sign-in-needed' },
    ...{ clusterId: 'genomics', clusterName: 'genomics-shared-facility-login-with-a-long-name' },
  },
];

/** As many calls as asked for, one every seven minutes, newest first. */
export const fixtureCalls = (now: number, length: number): AuditEntry[] =>
  Array.from({ length }, (_, index) => ({
    ...({
      client: 'token',
      tokenName: '',
      tokenId: null,
      detail: '',
      clusterId: 'slurm',
      clusterName: 'slurm',
    } as const),
    ...{ result: 'ok', duration: 18 },
    ...(calls[index % calls.length] ?? { call: 'clusters.list' }),
    id: length - index,
    at: now - index * 7 * MINUTE,
  }));

/** Answers `audit.query` from calls at hand. */
export function answerAudit(all: readonly AuditEntry[], given: unknown): RequestOutput<'audit.query'> {
  const query: ParsedInput<'audit.query'> = requests['audit.query'].input.parse(given);
  const found = all.filter(
    (entry) =>
      (query.tokenId ?? entry.tokenId) === entry.tokenId &&
      (query.clusterId ?? entry.clusterId) === entry.clusterId &&
      (query.client ?? entry.client) === entry.client &&
      (!query.failed || entry.result !== 'ok') &&
      entry.at >= (query.from ?? 0),
  );
  const rest = found.filter((entry) => query.cursor === undefined || entry.id < query.cursor);
  const entries = rest.slice(0, query.limit);
  return {
    entries,
    next: rest.length > entries.length ? (entries.at(-1)?.id ?? null) : null,
    total: found.length,
  };
}
