import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { endOwn, launchReady, processesOf, saveCluster, stopApp, untilGone, viewOf } from '../../helpers/apps.ts';
import { type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import type { GatewayClient } from '../../helpers/gateway-client.ts';

/** What a user does once its page is there; the other apps are used in recipes/catalogue.test.ts. */
async function useHello(view: GatewayClient): Promise<void> {
  const page = await view.get('/');
  expect(page.status).toBe(200);
  expect(page.text).toContain('Grüße &amp; &quot;$(id)&quot;');
  expect((await view.get('/static/hello.css')).status).toBe(200);
  const answer = await view.form('/form', { name: "Zoë O'Hara <b>" });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('Zoë O&#x27;Hara &lt;b&gt;');
  const socket = await view.webSocket('/live');
  const echo = new Promise<string>((resolve) => socket.on('message', (data) => resolve(data.toString())));
  socket.send('over the wire');
  expect(await echo).toContain('over the wire');
  socket.close();
}

const table: string[] = [];
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(7);

const places = [
  { name: 'login', launcher: 'login', nodes: ['login'], route: 'socket' },
  { name: 'slurm24', launcher: 'slurm', nodes: ['c1', 'c2'], route: 'node' },
] as const;

describe.each(places)('on $name with the launcher $launcher', ({ name, launcher, nodes, route }) => {
  let info: ClusterInfo;
  let open: TestCore;
  let clusterId: string;

  beforeAll(async () => {
    info = await upCluster(name, 'shared');
    open = await openTestCore();
    clusterId = await saveCluster(open, info);
  });
  afterAll(async () => {
    if (open) await endOwn(open);
    await open?.close();
  });

  test('hello starts, is used and stops', async () => {
    const args = { greeting: 'Grüße & "$(id)"' };
    const begin = Date.now();
    const app = await launchReady(open, { clusterId, recipe: 'hello', launcher: launcher as LauncherName, args });
    const ready = Date.now();
    expect(app.launcher).toBe(launcher);
    expect(app.route?.kind).toBe(route);
    const view = viewOf(open, app.id);
    await useHello(view);
    const used = Date.now();
    const running = await Promise.all(nodes.map((node) => processesOf(info, node, app.id)));
    expect(running.flat().length).toBeGreaterThan(0);

    const over = await stopApp(open, app.id);
    expect(over).toMatchObject({ state: 'ended', error: null });
    view.close();
    await untilGone(info, [...nodes], app.id);
    table.push(`${launcher.padEnd(6)} ready ${seconds(ready - begin)}  stopped ${seconds(Date.now() - used)}`);
  });
});

afterAll(() => console.log(table.join('\n')));
