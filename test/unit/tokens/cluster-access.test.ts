import { expect, test } from 'vitest';
import { ClusterAccess } from '../../../electron/core/tokens/cluster-access.ts';
import { type Cluster, clusterSchema } from '../../../electron/shared/clusters.ts';
import { tokenSchema } from '../../../electron/shared/tokens.ts';

const token = tokenSchema.parse({
  ...{ id: 't1', name: 'agent', scopes: ['shell'], clusters: null },
  ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
});
const cluster = (id: string): Cluster => {
  const address = { name: id, host: `${id}.example.org`, user: 'ada' };
  return clusterSchema.parse({ ...address, id, createdAt: 0, demo: false, allowsApi: true });
};

function setUp() {
  const saved = new Map([...'ab'].map((id) => [id, cluster(id)]));
  const access = new ClusterAccess((id) => saved.get(id));
  const ended: string[] = [];
  const watch = (id: string) => access.watch(token, id, ({ code }) => ended.push(`${id} ${code}`));
  return { saved, access, ended, watch };
}

test('what is open on a cluster ends once when the user closes that to programs, and nothing else does', () => {
  const { saved, access, ended, watch } = setUp();
  const stopped = watch('a');
  watch('a');
  watch('b');
  stopped();
  access.check();
  saved.set('a', { ...cluster('a'), allowsApi: false });
  access.check();
  access.check();
  expect(ended).toEqual(['a api-disabled']);
  saved.delete('b');
  access.check();
  expect(ended).toEqual(['a api-disabled', 'b not-permitted']);
});

test('what is opened after that ends at once', () => {
  const { saved, ended, watch } = setUp();
  saved.set('a', { ...cluster('a'), allowsApi: false });
  watch('a');
  expect(ended).toEqual(['a api-disabled']);
});
