import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { openTestCore } from '../../helpers/core.ts';

const input = (name: string) => clusterInputSchema.parse({ name, host: 'login.example', user: 'ada' });

test('a core shows and keeps what another process and an editor write', async () => {
  const open = await openTestCore({ resume: false });
  const other = openStorage(open.data, systemClock);
  try {
    await open.request('clusters.save', { input: input('by the core') });
    other.saveCluster({ ...input('by another process'), id: 'other', createdAt: 1, demo: false, site: null });
    const names = () => open.state().clusters.map(({ cluster }) => cluster.name);
    await expect.poll(names, { timeout: 10_000 }).toEqual(['by the core', 'by another process']);

    const file = join(open.data, 'clusters.json');
    const edited = JSON.parse(readFileSync(file, 'utf8'));
    edited.data.push({ name: 'by hand', host: 'hand.example', user: 'ada' });
    writeFileSync(file, JSON.stringify(edited));
    await expect.poll(names, { timeout: 10_000 }).toEqual(['by the core', 'by another process', 'by hand']);

    await open.request('clusters.save', { input: input('last') });
    expect(names()).toEqual(['by the core', 'by another process', 'by hand', 'last']);
    writeFileSync(file, '{ broken');
    await expect
      .poll(() => open.state().system.notices.map(({ code }) => code), { timeout: 10_000 })
      .toEqual(['file-invalid']);
    expect(names()).toHaveLength(4);
  } finally {
    await other.close();
    await open.close();
  }
});
