import type { ConsentAnswer } from '../../electron/shared/consents.ts';
import type { RequestOutput } from '../../electron/shared/contract/index.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import {
  type Token,
  type TokenLimits,
  type TokenScope,
  tokenLimitsSchema,
  tokenScopes,
} from '../../electron/shared/tokens.ts';
import { withEngine } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { readChoice, readEnd } from '../option-values.ts';
import { formatDateTime, printDone, printJson, printProgress, printTable } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export interface CreateTokenOptions extends JsonOption {
  scope: string;
  cluster?: string;
  expires: string;
  limit?: string[];
  ask?: boolean;
  confirmWrites?: boolean;
}

export interface UpdateTokenOptions extends JsonOption {
  expires?: string;
  limit?: string[];
}

/** The token is the result; what a person should know of it is a message. */
export function createToken(name: string, options: CreateTokenOptions): Promise<void> {
  const { scope, cluster, expires, json, ask = false, confirmWrites: confirmsWrites = false } = options;
  const scopes = listOf(scope).map((word): TokenScope => readChoice('--scope', word, tokenScopes));
  const limits = readLimits(options.limit ?? []);
  const expiresAt = readExpiry(expires);
  return withEngine(async ({ request }) => {
    const { state } = await request('app.state', undefined);
    const named = cluster === undefined ? null : listOf(cluster).map((each) => findCluster(state, each));
    const clusters = named?.map(({ id }) => id) ?? null;
    const created = await request('tokens.create', { name, scopes, clusters, expiresAt, ask, confirmsWrites, limits });
    if (json) return printJson(created);
    process.stdout.write(`${created.text}\n`);
    printProgress(`It is not shown again. It ${describeEnd(created.token)}.`);
    for (const { name: clusterName, allowsApi } of named ?? []) {
      if (!allowsApi) printProgress(`${clusterName} does not allow it yet: tunel clusters allow-api ${clusterName}`);
    }
  });
}

export function updateToken(name: string, { expires, limit, json }: UpdateTokenOptions): Promise<void> {
  if (expires === undefined && limit === undefined) {
    throw new UsageError(message`Say what changes: ${{ options: '--limit or --expires' }}.`);
  }
  const change = {
    ...(limit && { limits: readLimits(limit) }),
    ...(expires !== undefined && { expiresAt: readExpiry(expires) }),
  };
  return withEngine(async ({ request }) => {
    const { id } = findToken(await request('tokens.list', undefined), name);
    const token = await request('tokens.update', { id, ...change });
    if (json) return printJson(token);
    printProgress(`The token ${token.name} is changed. It ${describeEnd(token)}.`);
  });
}

export function listTokens({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const tokens = await request('tokens.list', undefined);
    if (json) return printJson(tokens);
    const { state } = await request('app.state', undefined);
    const nameOf = (id: string) => state.clusters.find(({ cluster }) => cluster.id === id)?.cluster.name ?? id;
    printTable(
      ['ID', 'NAME', 'SCOPES', 'CLUSTERS', 'STATE', 'TODAY', 'LAST USED'],
      tokens.map((token) => [
        ...[token.id, token.name, token.scopes.join(',')],
        token.clusters?.map(nameOf).join(',') ?? 'all',
        describeEnd(token),
        describeToday(token),
        token.lastUsedAt === null ? '' : formatDateTime(token.lastUsedAt),
      ]),
    );
  });
}

export function revokeToken(name: string, options: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const token = findToken(await request('tokens.list', undefined), name);
    await request('tokens.revoke', { id: token.id });
    printDone(options, { id: token.id }, `The token ${token.name} is revoked.`);
  });
}

export function listConsents({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { consents } = (await request('app.state', undefined)).state;
    if (json) return printJson(consents);
    printTable(
      ['ID', 'TOKEN', 'SCOPE', 'CALL', 'ABOUT', 'CLUSTER', 'UNTIL'],
      consents.map(({ id, tokenName, scope, call, detail, clusterName, expiresAt }) => [
        ...[id.slice(0, 8), tokenName, scope, call, detail.replaceAll(/\s+/g, ' '), clusterName],
        formatDateTime(expiresAt),
      ]),
    );
  });
}

/** @param id the beginning of its id @throws AppError `not-found` */
export function answerConsent(id: string, answer: ConsentAnswer, options: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { state } = await request('app.state', undefined);
    const found = state.consents.filter((consent) => consent.id.startsWith(id));
    const [consent] = found;
    if (!consent || found.length > 1) {
      throw new AppError('not-found', message`There is no waiting call “${{ id }}”.`, {
        hint: 'See: tunel token waiting',
      });
    }
    await request('tokens.answerConsent', { id: consent.id, answer });
    const done = answer === 'deny' ? 'is refused' : 'may pass';
    printDone(options, { id: consent.id }, `${consent.call} of ${consent.tokenName} ${done}.`);
  });
}

/** By its id, or its name: of several with one name that which is not revoked. @throws AppError `not-found` */
export function findToken(tokens: readonly Token[], name: string): Token {
  const named = tokens.filter((token) => token.id === name || token.name === name);
  const found = named.find(({ revokedAt }) => revokedAt === null) ?? named[0];
  if (found) return found;
  throw new AppError('not-found', message`There is no token “${{ name }}”.`, { hint: 'See: tunel token list' });
}

function describeEnd({ revokedAt, expiresAt }: Token): string {
  if (revokedAt !== null) return `revoked ${formatDateTime(revokedAt)}`;
  return expiresAt === null ? 'never expires' : `expires ${formatDateTime(expiresAt)}`;
}

const readExpiry = (text: string): number | null => (text === 'never' ? null : readEnd('--expires', text, Date.now()));

const listOf = (text: string): string[] => text.split(',').map((word) => word.trim());

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** In whole bytes: 4.1 times a million is a little less than it should be. */
const timesUnit = (count: number, unit: string): number =>
  unit === '' ? count : Math.round(count * (units[unit.toUpperCase()] ?? 1));

/** `jobs=40`, `bytes=50G`, `cpus=none`. @throws AppError `bad-input` */
export function readLimits(texts: readonly string[]): Partial<TokenLimits> {
  return Object.fromEntries(
    texts
      .flatMap((text) => text.split(','))
      .map((text) => {
        const [, name = '', count = '', unit = ''] = /^\s*(\w+)=(none|\d+(?:\.\d+)?)([KMGT]?)B?\s*$/i.exec(text) ?? [];
        const isKnown = Object.hasOwn(tokenLimitsSchema.shape, name) && (unit === '' || name === 'bytes');
        if (!isKnown) {
          throw new AppError('bad-input', message`--limit: “${{ text }}” is no limit.`, {
            hint: 'Such as jobs=40, cpus=8, gpus=1, hours=12 or bytes=50G.',
          });
        }
        return [name, /none/i.test(count) ? null : timesUnit(Number(count), unit)];
      }),
  );
}

/** What it used today, of its limits where it has some. */
function describeToday({ today, limits }: RequestOutput<'tokens.list'>[number]): string {
  const parts = [
    ...(limits.jobs === null ? [] : [`${today.jobs} of ${limits.jobs} jobs`]),
    ...(limits.bytes === null ? [] : [`${formatBytes(today.bytes)} of ${formatBytes(limits.bytes)}`]),
  ];
  return parts.join(', ') || `${today.calls} calls`;
}

function formatBytes(bytes: number): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => bytes >= each) ?? ['', 1];
  return `${Math.round((bytes / size) * 10) / 10} ${unit}B`;
}
