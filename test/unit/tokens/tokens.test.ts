import { describe, expect, test } from 'vitest';
import {
  checkCluster,
  checkScope,
  checkTokenAge,
  usableClusters,
} from '../../../electron/core/tokens/authorize-policy.ts';
import { createTokenText, hashToken, isSameToken, tokenIdOf } from '../../../electron/core/tokens/token-text.ts';
import { scopes } from '../../../electron/shared/contract/define.ts';
import { engineRequests, streams } from '../../../electron/shared/contract/index.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { type SiteProfile, siteProfileSchema } from '../../../electron/shared/sites.ts';
import { type Token, tokenLimitsSchema } from '../../../electron/shared/tokens.ts';

const token: Token = {
  id: 'a1b2c3d4e5f6',
  name: 'notebook',
  scopes: ['read', 'launch'],
  clusters: ['c1'],
  createdAt: 1000,
  expiresAt: 2000,
  revokedAt: null,
  lastUsedAt: null,
  asksFor: [],
  confirmsWrites: false,
  allowedCalls: [],
  limits: tokenLimitsSchema.parse({}),
};

function codeOf(work: () => void): string {
  try {
    work();
    return 'ok';
  } catch (error) {
    return AppError.from(error).code;
  }
}

describe('the text of a token', () => {
  test('names its id, and its hash is that of the whole text', () => {
    const { id, text, hash } = createTokenText();
    expect(tokenIdOf(text)).toBe(id);
    expect(hash).toBe(hashToken(text));
    expect(isSameToken(text, hash)).toBe(true);
    expect(isSameToken(`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, hash)).toBe(false);
    expect(createTokenText().text).not.toBe(text);
  });

  test.each([
    '',
    'tnl_',
    'tnl_a1b2c3d4e5f6_short',
    `TNL_a1b2c3d4e5f6_${'x'.repeat(43)}`,
    `x tnl_a1b2c3d4e5f6_${'x'.repeat(43)}`,
  ])('is not “%s”', (text) => expect(tokenIdOf(text)).toBeNull());
});

describe('what a token allows', () => {
  test('ends at its time and when it is revoked', () => {
    expect(codeOf(() => checkTokenAge(token, 1999))).toBe('ok');
    expect(codeOf(() => checkTokenAge(token, 2000))).toBe('token-expired');
    expect(codeOf(() => checkTokenAge({ ...token, expiresAt: null }, 1e15))).toBe('ok');
    expect(codeOf(() => checkTokenAge({ ...token, revokedAt: 1500 }, 1999))).toBe('token-revoked');
  });

  test('is its scopes alone, and never what is the owner’s', () => {
    expect(Object.fromEntries(scopes.map((scope) => [scope, codeOf(() => checkScope(token, scope))]))).toEqual({
      read: 'ok',
      launch: 'ok',
      files: 'scope-missing',
      jobs: 'scope-missing',
      shell: 'scope-missing',
      owner: 'not-permitted',
    });
  });

  test('is for its clusters, where they allow the API', () => {
    const at = (id: string, allowsApi: boolean, site: SiteProfile | null = null) =>
      codeOf(() => checkCluster(token, { id, name: id, allowsApi, site }));
    const forbidden = siteProfileSchema.parse({ site: 'Strict', api: 'forbidden', apiMessage: 'No automated access.' });
    expect(at('c1', true, forbidden)).toBe('api-forbidden');
    expect(at('c2', true, forbidden)).toBe('not-permitted');
    expect([at('c1', true), at('c1', false), at('c2', true)]).toEqual(['ok', 'api-disabled', 'not-permitted']);
    expect(codeOf(() => checkCluster(token, null))).toBe('not-permitted');
    const all = { ...token, clusters: null };
    const saved = [
      { id: 'c1', allowsApi: true, site: null },
      { id: 'c2', allowsApi: true, site: null },
      { id: 'c3', allowsApi: false, site: null },
      { id: 'c4', site: null },
      { id: 'c5', allowsApi: true, site: forbidden },
    ];
    expect(usableClusters(token, saved)).toEqual(['c1']);
    expect(usableClusters(all, saved)).toEqual(['c1', 'c2']);
  });
});

describe('the contract', () => {
  test('says of every call for tokens which cluster it is about', () => {
    // These answer for all clusters that the caller may know of.
    const ofAll = [
      'clusters.list',
      'engine.status',
      'history.query',
      'history.transitions',
      'jobs.query',
      'recipes.list',
      'tokens.own',
      'tunnels.list',
    ];
    const input = { id: 'i1', clusterId: 'c1', target: { clusterId: 'c1' } };
    const open = Object.entries({ ...engineRequests, ...streams }).filter(([, { scope }]) => scope !== 'owner');
    const without = open.filter(([, definition]) => {
      const subject: (input: never) => unknown = definition.subject;
      return subject(input as never) === null;
    });
    expect(without.map(([name]) => name).sort()).toEqual(ofAll);
    expect(open.length).toBeGreaterThan(20);
  });
});
