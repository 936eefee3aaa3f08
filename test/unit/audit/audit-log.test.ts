import { expect, test } from 'vitest';
import { AuditLog } from '../../../electron/core/audit/audit-log.ts';
import type { AuditEntry } from '../../../electron/shared/audit.ts';

function setUp() {
  const entries: Omit<AuditEntry, 'id'>[] = [];
  const clock = { time: 1_000_000, now: () => clock.time, sleep: async () => undefined };
  const storage = {
    addAuditEntry: (entry: Omit<AuditEntry, 'id'>) => void entries.push(entry),
    removeAuditEntriesBefore: () => undefined,
    pageOfAudit: () => [],
    countAudit: () => 0,
  };
  return { entries, clock, log: new AuditLog({ storage, clock, onSaveFailed: () => undefined }) };
}

test('what a program has written is one line that no terminal obeys', () => {
  const { entries, log } = setUp();
  log.addRefusal('/v1/jobs\n\x1b[2Kall is well', 'token-invalid');
  log.add({
    ...{
      client: 'token',
      tokenId: 't',
      tokenName: 'agent',
      call: 'instances.launch',
      detail: 'a\u001b]0;b\u0007\u202ec',
    },
    ...{ clusterId: null, clusterName: '', result: 'ok', duration: 1 },
  });
  expect(entries.map(({ call, detail }) => [call, detail])).toEqual([
    ['/v1/jobs [2Kall is well', ''],
    ['instances.launch', 'a ]0;b c'],
  ]);
});

test('whoever is refused again and again fills no disk', () => {
  const { entries, clock, log } = setUp();
  for (let count = 0; count < 500; count += 1) log.addRefusal('/', 'token-invalid');
  expect(entries).toHaveLength(60);
  clock.time += 60_000;
  log.addRefusal('/', 'token-invalid');
  expect(entries).toHaveLength(61);
});
