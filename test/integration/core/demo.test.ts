import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewOf } from '../../helpers/apps.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

let open: TestCore;
beforeAll(async () => {
  open = await openTestCore({ demo: true });
});
afterAll(() => open.close());

describe('the demo cluster, without an account', () => {
  test('hello starts, is reached through the gateway and stops', async () => {
    await open.until('demo connected', ({ clusters }) =>
      clusters.some(({ cluster, connection }) => cluster.demo && connection.state === 'connected'),
    );
    const { id } = await open.request('instances.launch', {
      clusterId: 'demo',
      recipe: 'hello',
      args: { greeting: `Grüße "$(id)" 'x'` },
    });
    const instance = await open.until('hello ready', ({ instances }) =>
      instances.find((app) => app.id === id && (app.state === 'ready' || app.error !== null)),
    );
    expect(instance.error).toBeNull();
    expect(instance.state).toBe('ready');
    expect(instance.route?.kind).toBe('socket');

    const view = viewOf(open, id);
    const page = await view.get('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Grüße &quot;$(id)&quot; &#x27;x&#x27;');
    expect((await view.get('/', { secret: false })).status).toBe(403);
    view.close();

    await open.request('instances.stop', { id });
    await open.until('hello ended', ({ instances }) => instances.find((app) => app.id === id && app.state === 'ended'));
    const facts = await open.request('instances.log', { id, offset: 0 });
    expect(facts.text).toContain('Listening on');
  });

  test('comes back when its server dies, with what the user allowed', async () => {
    await open.request('clusters.allowApi', { id: 'demo', allow: true });
    const isConnected = (value: boolean) =>
      open.until(`connected: ${value}`, ({ clusters }) =>
        clusters.some(({ cluster, connection }) => cluster.demo && (connection.state === 'connected') === value),
      );
    await isConnected(true);
    // The server's arguments name the data directory, and only this test has that one.
    execFileSync('pkill', ['-KILL', '-f', join(open.data, 'demo-cluster.mjs')]);
    await isConnected(false);
    await isConnected(true);
    expect(await open.request('files.list', { clusterId: 'demo', path: '' })).toBeTruthy();
    const demo = open.state().clusters.find(({ cluster }) => cluster.demo)?.cluster;
    expect(demo?.allowsApi).toBe(true);
  });
});
