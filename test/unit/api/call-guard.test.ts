import { expect, test } from 'vitest';
import { type Call, CallGuard } from '../../../electron/core/api/call-guard.ts';
import { Consents } from '../../../electron/core/tokens/consents.ts';
import { tokenSchema } from '../../../electron/shared/tokens.ts';

const token = tokenSchema.parse({
  ...{ id: 't1', name: 'agent', scopes: ['jobs'], clusters: null, asksFor: ['jobs'], confirmsWrites: true },
  ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
});
const check: Call = { name: 'jobs.check', scope: 'jobs', writes: false, subject: null, detail: 'fit' };
const remove: Call = { ...check, name: 'jobs.remove', writes: true };

function setUp() {
  const consents = new Consents({
    clock: {
      now: () => 0,
      sleep: (_ms, signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    },
    tokens: { grantScope: () => undefined, allowCall: () => undefined, onRevoked: () => () => undefined },
  });
  const guard = new CallGuard({
    clock: { now: () => 0, sleep: async () => undefined },
    audit: { add: () => undefined },
    consents,
    findCluster: () => null,
    clusterIdOf: () => null,
  });
  const context = { caller: { kind: 'token' as const, token, clusters: [] }, signal: new AbortController().signal };
  const done: string[] = [];
  const run = (call: Call) => guard.run(context, call, () => void done.push(call.name));
  const waiting = () => consents.list().map(({ kind, call }) => `${kind} ${call}`);
  const details = () => consents.list().map(({ detail }) => detail);
  const allow = (call: string) =>
    consents.answer(consents.list().find((each) => each.call === call)?.id ?? '', 'allow');
  return { run, done, waiting, details, allow };
}

test('a scope that was allowed for one call lets no other write pass that the user is to confirm', async () => {
  const { run, done, waiting, allow } = setUp();
  const [checked, removed] = [run(check), run(remove)];
  expect(waiting()).toEqual(['scope jobs.check', 'scope jobs.remove']);
  allow('jobs.check');
  await checked;
  await expect.poll(waiting).toEqual(['write jobs.remove']);
  expect(done).toEqual(['jobs.check']);
  allow('jobs.remove');
  await removed;
  expect(done).toEqual(['jobs.check', 'jobs.remove']);
});

test('a write whose own first use of a scope was allowed is not asked for twice', async () => {
  const { run, done, waiting, allow } = setUp();
  const removed = run(remove);
  allow('jobs.remove');
  await removed;
  expect([done, waiting()]).toEqual([['jobs.remove'], []]);
});

test('what a call is about is shown short, and as one line that no terminal obeys', async () => {
  const { run, details, allow } = setUp();
  const removed = run({ ...remove, detail: `a\u001b[2K\n${'b'.repeat(10_000)}` });
  expect(details()).toEqual([`a [2K ${'b'.repeat(494)}`]);
  allow('jobs.remove');
  await removed;
});
