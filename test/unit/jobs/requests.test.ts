import { expect, test } from 'vitest';
import { jobRequests } from '../../../electron/core/jobs/requests.ts';
import type { Jobs } from '../../../electron/core/jobs/types.ts';
import { owner, tokenSchema } from '../../../electron/shared/tokens.ts';

const tokenCaller = (id: string) => ({
  kind: 'token' as const,
  clusters: [],
  token: tokenSchema.parse({
    ...{ id, name: id, scopes: ['jobs'], clusters: null },
    ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
  }),
});

test('a key belongs to its caller, and that of the user stays as it is', async () => {
  const keys: (string | undefined)[] = [];
  const note = async ({ key }: { key?: string }) => void keys.push(key);
  const jobs: Partial<Record<keyof Jobs, unknown>> = { create: note, rerun: note };
  const requests = jobRequests(jobs as Jobs, () => undefined);
  const { signal } = new AbortController();
  const input = { clusterId: 'c1', name: 'fit', script: 'true' } as Parameters<(typeof requests)['jobs.create']>[0];
  await requests['jobs.create']({ ...input, key: 'k' }, signal, tokenCaller('a1'));
  await requests['jobs.create']({ ...input, key: 'k' }, signal, tokenCaller('b2'));
  await requests['jobs.rerun']({ id: 'j1', key: 'k' }, signal, tokenCaller('b2'));
  await requests['jobs.create']({ ...input, key: 'k' }, signal, owner);
  await requests['jobs.create'](input, signal, tokenCaller('a1'));
  expect(keys).toEqual(['a1 k', 'b2 k', 'b2 k', 'k', undefined]);
});
