import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RouteKind, type RuntimeName, routeKinds } from '../../../electron/shared/kinds.ts';
import { siteProfileSchema } from '../../../electron/shared/sites.ts';
import { endOwn, launchReady, processesOf, saveCluster, stopApp, viewOf } from '../../helpers/apps.ts';
import { holdClusters, holdProcessors } from '../../helpers/cluster-locks.ts';
import { type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import type { GatewayClient } from '../../helpers/gateway-client.ts';
import { eventually } from '../../helpers/instance.ts';
import { allBut, type Place, places } from './places.ts';

type App = 'hello' | 'jupyter';

/** Images of the test clusters: none is pulled, since no registry can be reached from there. */
const images: Record<App, Partial<Record<RuntimeName, string>>> = {
  hello: { apptainer: '/opt/images/tunel-python.sif', podman: '/opt/images/tunel-python.tar' },
  jupyter: { apptainer: '/opt/images/tunel-jupyter.sif', podman: '/opt/images/tunel-jupyter.tar' },
};

/** The page a user sees first, through the gateway. */
async function openPage(view: GatewayClient, app: App, route: RouteKind): Promise<void> {
  if (app === 'hello') {
    const page = await view.get('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Hello');
    if (route === 'port') return;
    const socket = await view.webSocket('/live');
    const echo = new Promise<string>((resolve) => socket.on('message', (data) => resolve(data.toString())));
    socket.send('over the wire');
    expect(await echo).toContain('over the wire');
    socket.close();
    return;
  }
  let page = await view.get('/');
  for (let turns = 0; page.status === 302 && turns < 5; turns += 1)
    page = await view.get(String(page.headers.location));
  expect(page.status).toBe(200);
  expect(page.text).toMatch(/jupyter-config-data|static\/tree\/js\/main/);
}

beforeAll(async () => {
  await holdProcessors();
  await holdClusters(
    places.map(({ cluster }) => cluster),
    'shared',
  );
});

const results = new Map<string, Set<App>>();
const keyOf = (place: Place, runtime: RuntimeName, route: RouteKind) => `${place.cluster} ${runtime} ${route}`;

describe.concurrent.each(places)('$cluster by $launcher', (place) => {
  let info: ClusterInfo;
  let open: TestCore;
  const byRoute = new Map<RouteKind, string>();

  beforeAll(async () => {
    info = await upCluster(place.cluster);
    open = await openTestCore();
    await open.request('settings.save', { recipeFolders: [join(import.meta.dirname, 'recipes')] });
    for (const route of place.routes) {
      const id = await saveCluster(open, info, { name: `${place.cluster} by ${route}` });
      const profile = siteProfileSchema.parse({ site: 'Matrix', forbiddenRoutes: allBut(route) });
      await open.request('clusters.setSite', { id, profile });
      byRoute.set(route, id);
    }
  });
  afterAll(async () => {
    if (open) await endOwn(open);
    await open?.close();
  });

  const cases = place.runtimes.flatMap((runtime) =>
    place.routes.flatMap((route) => (['hello', 'jupyter'] as const).map((app) => ({ runtime, route, app }))),
  );
  test.concurrent.each(cases)('$app, $runtime, by $route', async ({ runtime, route, app }) => {
    const clusterId = byRoute.get(route) ?? '';
    const recipe = route === 'port' ? `${app}-port` : app;
    const image = images[app][runtime] ?? '';
    const own = app === 'jupyter' ? 500 : 200;
    const memory = runtime === 'native' ? own : (place.containerMemory ?? own);
    const resources = place.launcher === 'login' ? {} : { memory, time: 10 };
    const instance = await launchReady(open, {
      clusterId,
      recipe,
      launcher: place.launcher,
      runtime,
      image,
      resources,
    });
    expect(instance).toMatchObject({ launcher: place.launcher, runtime, route: { kind: route } });
    expect(instance.route?.warning === null).toBe(route !== 'port');
    const view = viewOf(open, instance.id);
    await openPage(view, app, route);
    view.close();
    expect(await stopApp(open, instance.id)).toMatchObject({ state: 'ended', error: null });
    await eventually(
      async () => (await Promise.all(place.nodes.map((node) => processesOf(info, node, instance.id)))).flat(),
      (left) => left.length === 0,
    );
    const key = keyOf(place, runtime, route);
    results.set(key, (results.get(key) ?? new Set()).add(app));
  });
});

/** The page is written by what just ran: `vitest -u` renews it, and without it a difference is a failure. */
test('docs/compatibility.md says what ran', async () => {
  const cell = (place: Place, runtime: RuntimeName, route: RouteKind) => {
    if (!place.routes.includes(route)) return '';
    return [...(results.get(keyOf(place, runtime, route)) ?? [])].sort().join(', ') || '**failed**';
  };
  const rows = places.flatMap((place) =>
    place.runtimes.map((runtime) =>
      [place.cluster, place.launcher, runtime, ...routeKinds.map((route) => cell(place, runtime, route))].join(' | '),
    ),
  );
  const table = [
    ['cluster', 'launcher', 'runtime', ...routeKinds].join(' | '),
    [...Array(3 + routeKinds.length)].map(() => '---').join(' | '),
    ...rows,
  ].map((row) => `| ${row} |`);
  console.log(table.join('\n'));
  const notes = places.map((place) => `- ${place.cluster}: ${place.without}.`);
  await expect(
    `${head}\n${table.join('\n')}\n\nAn empty cell is a route that does not exist there:\n\n${notes.join('\n')}\n`,
  ).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/compatibility.md'));
});

const head = `# Compatibility

What was run, on the real programs in \`test/clusters\`: each app named in a cell was launched by that launcher in that
runtime, its page was opened through the gateway by that route, and nothing of it was left after its stop.
This page is written by \`test/integration/matrix/matrix.test.ts\`.
`;
