import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock as clock } from '../../electron/core/clock.ts';
import { InstanceStore } from '../../electron/core/instances/instance-store.ts';
import { StateStore } from '../../electron/core/state-store.ts';
import { openStorage } from '../../electron/core/storage/storage.ts';
import { emptyState } from '../../electron/shared/state.ts';
import { openTestCore, testLogger } from '../helpers/core.ts';
import { fixtureInstance } from '../helpers/fixtures/parts.ts';

const few = 50;
const many = 10_000;
const rounds = 9;
const changes = 300;

let folder: string;
const directoryOf = (ended: number) => join(folder, String(ended));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-state-bench-'));
  for (const ended of [few, many]) {
    const storage = openStorage(directoryOf(ended), clock);
    for (let number = 0; number < ended; number += 1) {
      const instance = fixtureInstance({
        id: `ended${number}`,
        title: `App ${number}`,
        state: 'ended',
        createdAt: number,
      });
      storage.saveInstance({ instance: { ...instance, endedAt: number, logTail: 'x'.repeat(4000) }, removed: false });
    }
    const live = fixtureInstance({ id: 'live', title: 'Live', state: 'starting', createdAt: many });
    storage.saveInstance({ instance: live, removed: false });
    await storage.close();
  }
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** CPU time of this process, ms. */
async function cpu(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The same work with few and with many in turn, so that whatever else this machine does counts for both. */
async function compare(what: string, unit: string, measure: (directory: string) => Promise<number>): Promise<number> {
  await measure(directoryOf(few));
  const seen = { few: [] as number[], many: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    seen.few.push(await measure(directoryOf(few)));
    seen.many.push(await measure(directoryOf(many)));
  }
  const [a, b] = [median(seen.few), median(seen.many)];
  console.log(
    `${what}: ${few} ended ${a.toFixed(2)} ${unit}, ${many} ended ${b.toFixed(2)} ${unit}, ratio ${(b / a).toFixed(2)}`,
  );
  return b / a;
}

async function changeOften(directory: string, count: number): Promise<{ bytes: number }> {
  const storage = openStorage(directory, clock);
  const instances = new InstanceStore({ storage, clock, logger: testLogger });
  const store = new StateStore({ ...emptyState, instances: instances.list() });
  let bytes = 0;
  store.onChange((change) => {
    bytes += JSON.stringify(change).length;
  });
  instances.subscribe((list) => store.set({ instances: list }));
  for (let number = 0; number < count; number += 1) {
    instances.dispatch('live', { type: 'progress', progress: { fraction: number / count, text: 'Uploading' } });
    store.snapshot();
  }
  store.dispose();
  await storage.close();
  return { bytes: bytes / count };
}

it('opens the storage and the instances', async () => {
  await compare('Open storage and instances, CPU', 'ms', (directory) =>
    cpu(async () => {
      await changeOften(directory, 0);
    }),
  );
});

it('starts a core', async () => {
  await compare('Start a core, CPU', 'ms', async (data) => {
    let open: Awaited<ReturnType<typeof openTestCore>> | null = null;
    const spent = await cpu(async () => {
      open = await openTestCore({ data, resume: false });
      expect(open.state().instances).toHaveLength(51);
    });
    await (open as Awaited<ReturnType<typeof openTestCore>> | null)?.close({ remove: false });
    return spent;
  });
});

it('changes one instance', async () => {
  await compare('One change of an instance, CPU', 'ms', async (directory) => {
    const opened = await cpu(async () => void (await changeOften(directory, 0)));
    return ((await cpu(async () => void (await changeOften(directory, changes)))) - opened) / changes;
  });
  const ratio = await compare(
    'One change of an instance, event',
    'bytes',
    async (directory) => (await changeOften(directory, changes)).bytes,
  );
  expect(ratio).toBe(1);
});
