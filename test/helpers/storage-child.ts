/**
 * A process of its own that writes into a data directory while others do: the directory and a number come as arguments.
 * It waits for a line on its input, so that all of them begin at once.
 */
import { once } from 'node:events';
import { z } from 'zod';
import { systemClock } from '../../electron/core/clock.ts';
import { openStorage } from '../../electron/core/storage/storage.ts';
import { updateVersioned } from '../../electron/core/storage/versioned-file.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { launchInputSchema } from '../../electron/shared/instances.ts';

const [directory = '', number = ''] = process.argv.slice(2);
const list = { path: `${directory}/list.json`, version: 1, schema: z.array(z.string()), name: 'list' };

const storage = openStorage(directory, systemClock);
process.stdout.write('open\n');
await once(process.stdin, 'data');
for (let round = 0; round < 5; round += 1) {
  const id = `${number}-${round}`;
  const input = clusterInputSchema.parse({ name: `cluster ${id}`, host: 'login.example', user: 'ada' });
  storage.saveCluster({ ...input, id, createdAt: 1, demo: false, site: null });
  storage.updatePresets((presets) => [
    ...presets,
    { id, name: id, input: launchInputSchema.parse({ clusterId: id, recipe: 'hello' }), savedAt: 1 },
  ]);
  updateVersioned(list, 1, (current) => [...(current ?? []), id]);
  storage.saveLastValues(id, launchInputSchema.parse({ clusterId: id, recipe: 'hello' }));
}
await storage.close();
process.exit(0);
