import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { StateFollower } from '../../../cli/state-follower.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { engineClient, killEngine } from '../../helpers/engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunel-prompts-'));
const data = join(folder, 'data');

afterEach(() => {
  killEngine(data);
  rmSync(folder, { recursive: true, force: true });
});

test('a question reaches every client, the first answer wins, and it closes for the others', async () => {
  const clients = await Promise.all([engineClient(data), engineClient(data)]);
  const followers = clients.map(
    (client) => new StateFollower(client, { answersPrompts: true, onNextEngine: async () => {} }),
  );
  await Promise.all(followers.map((follower) => follower.start()));
  const [first, second] = clients;
  await first!.request('demo.start', undefined);
  const { state } = await first!.request('app.state', undefined);
  const demo = state.clusters.find(({ cluster }) => cluster.demo)?.cluster;
  // The same server, without the file that knows its host key.
  const input = clusterInputSchema.parse({ ...demo, name: 'asks', knownHostsFile: '', connectAtStart: false });
  const { id: clusterId } = await first!.request('clusters.save', { input });
  const connecting = first!.request('clusters.connect', { id: clusterId });
  const shown = () => followers.map((follower) => follower.state.prompts.map(({ kind }) => kind));
  await expect.poll(shown).toEqual([['host-key'], ['host-key']]);
  const [asked, same] = followers.map((follower) => follower.state.prompts[0]?.id ?? '');
  expect(same).toBe(asked);
  const answer = { kind: 'host-key', accept: true, save: false } as const;
  await second!.request('prompts.answer', { id: asked!, answer });
  await connecting;
  await expect.poll(shown).toEqual([[], []]);
  await expect(first!.request('prompts.answer', { id: asked!, answer })).rejects.toMatchObject({ code: 'not-found' });
  for (const follower of followers) follower.close();
});
