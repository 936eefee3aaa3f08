import { describe, expect, it } from 'vitest';
import { siteProfileSchema } from '../../../electron/shared/sites.ts';
import { type Settings, settingsSchema } from '../../../electron/shared/state.ts';
import { tokenLimitsSchema, tokenSchema } from '../../../electron/shared/tokens.ts';
import { describeApi } from '../../../renderer/features/settings/api/api-text.ts';
import {
  checkChange,
  checkToken,
  emptyToken,
  endOfDay,
  type TokenDraft,
} from '../../../renderer/features/settings/api/token-form-model.ts';
import { limitsDraftOf, noLimits } from '../../../renderer/features/settings/api/token-limits-draft.ts';
import {
  describeEnd,
  describeLimits,
  describeToday,
  describeUsage,
  describeUse,
  isUsable,
  maskToken,
} from '../../../renderer/features/settings/api/token-text.ts';
import { buildRows, rowForKey } from '../../../renderer/features/settings/audit/audit-rows.ts';
import { filterOf, wholeLog } from '../../../renderer/features/settings/audit/audit-store.ts';
import { describeResult } from '../../../renderer/features/settings/audit/audit-text.ts';
import {
  isChanged,
  markMatches,
  type SettingText,
  searchSettings,
} from '../../../renderer/features/settings/search-settings.ts';
import { describeCall, describeWish, formatTimeLeft } from '../../../renderer/text/consent.ts';
import { fixtureCalls, fixtureConsent } from '../../ui/api-answers.ts';

const DAY = 24 * 60 * 60_000;
const now = new Date(2026, 10, 30, 14, 20).getTime();

describe('the search of settings', () => {
  const list: SettingText[] = [
    { id: 'theme', section: 'general', title: 'Theme', description: 'Light or dark', keywords: 'colour' },
    { id: 'keys', section: 'keyboard', title: 'Single keys', description: 'L opens the log', keywords: '' },
  ];
  const find = (query: string) => searchSettings(list, query, (section) => section).map(({ id }) => id);

  it('finds what has every word, in the title of the page as well', () => {
    expect(find('  ')).toEqual([]);
    expect(find('dark THEME')).toEqual(['theme']);
    expect(find('colour')).toEqual(['theme']);
    expect(find('keyboard l')).toEqual(['keys']);
    expect(find('dark log')).toEqual([]);
  });

  it('marks every place of every word and loses no character', () => {
    const marked = (text: string, query: string) =>
      markMatches(text, query)
        .map((piece) => (piece.isMatch ? `[${piece.text}]` : piece.text))
        .join('');
    expect(marked('Key of keys', 'KEY of')).toBe('[Key] [of] [key]s');
    expect(marked('aaaa', 'aa a')).toBe('[aaaa]');
    expect(marked('İstanbul key', 'key')).toBe('İstanbul key');
    expect(marked('', 'a')).toBe('');
  });

  it('knows a setting that was changed', () => {
    const defaults = settingsSchema.parse({});
    const changed: Settings = { ...defaults, theme: 'dark' };
    expect(isChanged(changed, defaults, 'theme')).toBe(true);
    expect(isChanged(changed, defaults, 'favourites')).toBe(false);
  });
});

describe('a token', () => {
  const check = (changes: Partial<TokenDraft>) =>
    checkToken({ ...emptyToken, name: 'sync', clusters: ['c1'], ...changes }, now);

  it('reads, asks and lasts thirty days unless told otherwise', () => {
    expect(check({}).input).toEqual({
      name: 'sync',
      scopes: ['read'],
      clusters: ['c1'],
      expiresAt: now + 30 * DAY,
      ask: true,
      confirmsWrites: false,
      limits: tokenLimitsSchema.parse({}),
    });
    expect(check({ isForAll: true, lifetime: 'never' }).input).toMatchObject({ clusters: null, expiresAt: null });
  });

  it('is refused with a message at each bad field', () => {
    const limits = { ...noLimits, cpus: 1.5, bytes: '-' };
    expect(check({ name: ' ', scopes: [], clusters: [], limits, lifetime: 'date', date: '2026-11-29' })).toEqual({
      input: null,
      errors: {
        name: 'Give the token a name.',
        scopes: 'Choose what it may do.',
        clusters: 'Choose at least one cluster.',
        date: 'A day from today on.',
        limits: { cpus: 'A whole number from 1.', bytes: 'At least 0.' },
      },
    });
  });

  it('may end today, at the end of the day', () => {
    expect(check({ lifetime: 'date', date: '2026-11-30' }).input?.expiresAt).toBe(endOfDay('2026-11-30'));
    expect(endOfDay('30.11.2026')).toBeNull();
  });

  const token = tokenSchema.parse({
    ...{ id: 'a', name: 'sync', scopes: ['read'], clusters: null },
    ...{ createdAt: now - 90 * DAY, expiresAt: null, revokedAt: null, lastUsedAt: null },
  });

  it.each([
    [{}, 'never', true],
    [{ expiresAt: now + 12 * DAY }, 'in 12 days', true],
    [{ expiresAt: now + 29 * DAY }, '29 December', true],
    [{ expiresAt: now + 90 * DAY }, '28 February 2027', true],
    [{ expiresAt: now - DAY }, 'expired yesterday', false],
    [{ revokedAt: now - 3 * 60 * 60_000, expiresAt: now + DAY }, 'revoked 3 h ago', false],
  ])('with %j says %s', (changes, text, usable) => {
    expect(describeEnd({ ...token, ...changes }, now)).toBe(text);
    expect(isUsable({ ...token, ...changes }, now)).toBe(usable);
  });

  it('says when it was used last, and that its changes are confirmed', () => {
    expect(describeUse(token, now)).toBe('not used yet');
    expect(describeUse({ ...token, lastUsedAt: now - 30_000 }, now)).toBe('used just now');
    expect(describeUse({ ...token, lastUsedAt: now - 120_000, confirmsWrites: true }, now)).toBe(
      'used 2 min ago, changes are confirmed',
    );
    expect(describeUse({ ...token, lastUsedAt: now - DAY }, now)).toBe('used yesterday');
  });

  it.each([
    [{}, { calls: 214, jobs: 12, bytes: 9 }, '214 calls', null],
    [{ jobs: 40 }, { calls: 1, jobs: 10, bytes: 0 }, '10 of 40 jobs', 0.25],
    [{ jobs: 40, bytes: 50e9 }, { calls: 1, jobs: 10, bytes: 40e9 }, '40 GB of 50 GB', 0.8],
    [{ jobs: 0 }, { calls: 1, jobs: 0, bytes: 0 }, '0 of 0 jobs', 1],
    [{ jobs: 4 }, { calls: 1, jobs: 9, bytes: 0 }, '9 of 4 jobs', 1],
    [{ cpus: 4 }, { calls: 1, jobs: 9, bytes: 0 }, '1 call', null],
  ])('with the limits %j says of %j “%s”', (limits, today, text, share) => {
    expect(describeToday({ limits: tokenLimitsSchema.parse(limits), today })).toEqual(
      share === null ? { text, share } : { text, share: expect.closeTo(share) },
    );
  });

  it('names all of its limits, and what it used', () => {
    const all = tokenLimitsSchema.parse({ jobs: 40, bytes: 50e9, cpus: 8, gpus: 1, hours: 12 });
    expect(describeLimits(all)).toBe('40 jobs, 50 GB a day; 8 CPUs, 1 GPU, 12 h a job');
    expect(describeLimits(tokenLimitsSchema.parse({ hours: 1.5 }))).toBe('1.5 h a job');
    expect(describeLimits(tokenLimitsSchema.parse({}))).toBe('');
    expect(describeUsage({ calls: 1, jobs: 0, bytes: 1_200_000_000 })).toBe('1 call, 0 jobs, 1.2 GB');
  });

  it('has its limits and its end changed; what is empty is no limit', () => {
    const limits = { ...limitsDraftOf(tokenLimitsSchema.parse({ jobs: 40, bytes: 1.5e9 })), jobs: '', hours: 12 };
    expect(checkChange({ limits, lifetime: 'keep', date: '' }, now).change).toEqual({
      limits: { jobs: null, bytes: 1.5e9, cpus: null, gpus: null, hours: 12 },
    });
    expect(checkChange({ limits, lifetime: '7', date: '' }, now).change?.expiresAt).toBe(now + 7 * DAY);
    expect(checkChange({ limits: { ...limits, gpus: 1.5 }, lifetime: 'date', date: '' }, now)).toEqual({
      change: null,
      errors: { limits: { gpus: 'A whole number up to 1,000,000.' }, date: 'A day from today on.' },
    });
  });

  it('is shown by its ends only', () => {
    const text = `tnl_9f27ab51c0de_${'s'.repeat(39)}kV2e`;
    expect(maskToken(text)).toBe(`tnl_9f27a${'•'.repeat(16)}kV2e`);
  });
});

describe('the API of a cluster', () => {
  it.each([
    [undefined, null, 'No program may use it'],
    [true, null, 'Programs with a token may use its connection'],
    [false, { api: 'allowed' }, 'No program may use it. The site profile allows it'],
    [
      true,
      { apiMessage: 'At most 10 calls a minute' },
      'Programs with a token may use its connection. The site says: “At most 10 calls a minute”',
    ],
    [true, { api: 'forbidden' }, 'Forbidden by the site'],
    [true, { api: 'forbidden', apiMessage: 'No robots' }, 'Forbidden by the site: “No robots”'],
  ])('enabled: %s, of the site %j: %s', (allowsApi, site, text) => {
    expect(describeApi({ allowsApi, site: site && siteProfileSchema.parse({ site: 'hpc', ...site }) })).toBe(text);
  });
});

describe('the audit log', () => {
  it('says results by their kind', () => {
    const say = (result: string) => describeResult({ result, duration: 18 });
    expect(say('ok')).toEqual({ kind: 'done', text: 'done in 18 ms' });
    expect(say('token-revoked')).toEqual({ kind: 'refused', text: 'refused: revoked' });
    expect(say('cancelled')).toEqual({ kind: 'cancelled', text: 'cancelled' });
    expect(say('sign-in-needed')).toEqual({ kind: 'failed', text: 'failed: sign-in needed' });
    expect(say('constructor')).toEqual({ kind: 'failed', text: 'failed: constructor' });
  });

  it('puts calls under their days, and details below an open call', () => {
    const [first, , last] = fixtureCalls(now, 3).map((entry, index) => ({ ...entry, at: now - index * DAY }));
    if (!first || !last) throw new Error('A fixture is missing.');
    const rows = buildRows([first, { ...last, at: now - 2 * DAY }], last.id, now);
    expect(rows.map((row) => (row.kind === 'day' ? row.text : row.kind))).toEqual([
      ...['Today', 'call', 'Saturday 28 November', 'call', 'details'],
    ]);
    expect(rowForKey('ArrowDown', 1, rows)).toBe(3);
    expect(rowForKey('ArrowUp', 3, rows)).toBe(1);
    expect(rowForKey('ArrowDown', 3, rows)).toBeNull();
    expect(rowForKey('Home', 3, rows)).toBe(1);
    expect(rowForKey('End', 1, rows)).toBe(3);
    expect(rowForKey('a', 1, rows)).toBeNull();
    expect(rowForKey('End', 0, [])).toBeNull();
  });

  it('asks for what was chosen; days begin at midnight', () => {
    expect(filterOf(wholeLog, now)).toEqual({ failed: false });
    const midnight = new Date(2026, 10, 30).getTime();
    expect(filterOf({ ...wholeLog, period: 'today', client: 'owner', onlyFailed: true }, now)).toEqual({
      failed: true,
      client: 'owner',
      from: midnight,
    });
    expect(filterOf({ ...wholeLog, period: 'week', client: 'token:a1', clusterId: 'c1' }, now)).toEqual({
      failed: false,
      tokenId: 'a1',
      clusterId: 'c1',
      from: new Date(2026, 10, 24).getTime(),
    });
  });
});

describe('a question of a program', () => {
  it('says what it wants, where, and how long it waits', () => {
    const consent = fixtureConsent(now);
    expect(describeWish(consent)).toBe('wants to submit batch jobs on slurm for the first time.');
    expect(describeWish({ ...consent, kind: 'write', scope: 'files', clusterName: '' })).toBe(
      'wants to copy and change files.',
    );
    expect(formatTimeLeft(now + 100_000, now)).toBe('1 min 40 s');
    expect(formatTimeLeft(now - 5, now)).toBe('0 s');
  });

  it('shows what the program wrote on one line, and not all of it', () => {
    expect(describeCall({ call: 'jobs.submit', detail: 'a\u001b[31m\n b' })).toBe('jobs.submit a [31m  b');
    expect(describeCall({ call: 'jobs.submit', detail: 'x'.repeat(500) })).toHaveLength(200);
  });
});
