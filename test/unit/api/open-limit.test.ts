import { expect, test } from 'vitest';
import { OpenLimit } from '../../../electron/core/api/open-limit.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { type Caller, owner, tokenSchema } from '../../../electron/shared/tokens.ts';

const caller = (id: string): Caller => ({
  kind: 'token',
  token: tokenSchema.parse({
    ...{ id, name: id, scopes: ['read'], clusters: null },
    ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
  }),
  clusters: [],
});

test('a caller has so many open, and takes none from the others', () => {
  const limit = new OpenLimit({ owner: 3, token: 2 });
  const code = (who: Caller) => {
    try {
      limit.begin(who);
      return 'ok';
    } catch (error) {
      return AppError.from(error).code;
    }
  };
  const first = limit.begin(caller('a'));
  expect([code(caller('a')), code(caller('a'))]).toEqual(['ok', 'too-many-open']);
  expect([code(caller('b')), code(owner), code(owner), code(owner), code(owner)]).toEqual([
    ...['ok', 'ok', 'ok', 'ok'],
    'too-many-open',
  ]);
  first();
  // A second end of the same one counts for nothing.
  first();
  expect([code(caller('a')), code(caller('a'))]).toEqual(['ok', 'too-many-open']);
});
