import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../electron/core/clock.ts';
import { createClusterFacts } from '../../../electron/core/clusters/cluster-facts.ts';
import type { Clock, Logger } from '../../../electron/core/deps.ts';
import type { GatewayTarget } from '../../../electron/core/gateway/types.ts';
import { createInstances } from '../../../electron/core/instances/instances.ts';
import type { LaunchFiles } from '../../../electron/core/instances/ports.ts';
import { probe } from '../../../electron/core/instances/readiness.ts';
import type { Instances } from '../../../electron/core/instances/types.ts';
import { launchers } from '../../../electron/core/launchers/index.ts';
import { createRecipeLibrary } from '../../../electron/core/recipes/library.ts';
import { recipesInFolders } from '../../../electron/core/recipes/recipe-folders.ts';
import { createRender } from '../../../electron/core/recipes/render.ts';
import type { FindRoute } from '../../../electron/core/routes/types.ts';
import type { Connections } from '../../../electron/core/ssh/types.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { type Cluster, clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { type Instance, type LaunchInput, launchInputSchema } from '../../../electron/shared/instances.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';

export const logLines: string[] = [];
const note = (message: string, fields?: Record<string, unknown>): void => {
  logLines.push(`${new Date().toISOString().slice(17)} ${message} ${fields ? JSON.stringify(fields) : ''}`);
};
export const logger: Logger = { debug: note, info: note, warn: note, error: note };

const server = `
import http.server, os, socketserver, sys
class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ok = self.path != '/slow'
        self.send_response(200 if ok else 503)
        self.end_headers()
        self.wfile.write(('%s pid %d node %s header %s' % (self.path, os.getpid(), os.uname()[1], self.headers.get('x-app-token'))).encode())
    def address_string(self):
        return 'client'
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
if os.environ.get('TUNEL_SOCKET'):
    made = Server(os.environ['TUNEL_SOCKET'], App)
else:
    made = http.server.ThreadingHTTPServer(('127.0.0.1', int(os.environ['TUNEL_PORT'])), App)
print('listening at last \\u2713', flush=True)
made.serve_forever()
`;

const serve = (ready: string): string =>
  `serve:\n  token: { header: x-app-token, value: 'token {token}' }\n  path: /start\n  ready: ${ready}\n`;

/** name -> app.yaml tail and script. All run with both launchers. */
const recipes: Record<string, { yaml: string; script: string }> = {
  web: { yaml: serve('{ path: /ok, timeout: 240 }'), script: 'exec python3 "$TUNEL_DIR/files/app.py"\n' },
  port: {
    yaml: "serve:\n  listen: port\n  ready: { path: /ok, timeout: 240 }\n  token: { header: x-app-token, value: 'token {token}' }\n",
    script: 'exec python3 "$TUNEL_DIR/files/app.py"\n',
  },
  never: { yaml: serve('{ path: /slow, timeout: 4 }'), script: 'exec python3 "$TUNEL_DIR/files/app.py"\n' },
  deaf: { yaml: serve('{ path: /ok, timeout: 4 }'), script: 'echo not listening\nexec sleep 600\n' },
  dies: { yaml: serve('{ path: /ok }'), script: 'echo "configuration is wrong: no such thing" >&2\nexit 3\n' },
  missing: { yaml: serve('{ path: /ok }'), script: 'no-such-command --port 1\n' },
  modules: {
    yaml: `${serve('{ path: /ok }')}needs:\n  modules: [no-such-module/1.2]\n`,
    script: 'exec python3 "$TUNEL_DIR/files/app.py"\n',
  },
  batch: { yaml: '', script: 'echo one; sleep 2; echo "done with {{ args.word }}" > "$TUNEL_DIR/result"\n' },
  stubborn: { yaml: serve('{ path: /ok }'), script: 'trap "" TERM\npython3 "$TUNEL_DIR/files/app.py"\n' },
};

export interface Rig {
  instances: Instances;
  /** How often a launch was rendered, which each plan does once. */
  renders(): number;
  targets: Map<string, GatewayTarget>;
  cluster: Cluster;
  launch(recipe: string, change?: Partial<LaunchInput>): string;
  /** Polls until the instance satisfies the condition; otherwise fails with its whole state. */
  until(id: string, condition: (instance: Instance) => boolean): Promise<Instance>;
  untilState(id: string, state: Instance['state']): Promise<Instance>;
  /** One request by the channel the gateway would use. */
  isAnswering(id: string): Promise<string | null>;
  close(): Promise<void>;
}

export interface RigOptions {
  connections: Connections;
  findRoute: FindRoute;
  /** The data directory: a second rig with the same one is the same computer after a restart. */
  data: string;
  recipes: string;
  cluster?: Partial<Cluster>;
  launchers?: typeof launchers;
  clock?: Clock;
  prepareFiles?: LaunchFiles['prepare'];
}

export function temporary(prefix: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export function writeRecipes(folder: string): void {
  for (const [name, { yaml, script }] of Object.entries(recipes)) {
    mkdirSync(join(folder, name, 'files'), { recursive: true });
    const args = 'args:\n  - { name: word, description: a word, default: luck }\n';
    const head = `launcher: slurm\nlaunchers_supported: [slurm, login]\nscript: run.sh\ndescription: ${name}\n`;
    writeFileSync(join(folder, name, 'app.yaml'), `${head}${args}${yaml}`);
    writeFileSync(join(folder, name, 'run.sh'), `#!/bin/bash\n${script}`);
    writeFileSync(join(folder, name, 'files', 'app.py'), server);
    chmodSync(join(folder, name, 'run.sh'), 0o755);
  }
}

/** The reason first, since reports cut long messages off. */
function describe(instance: Instance): string {
  const { error, steps, ...rest } = instance;
  const reason = error ? `${error.code}: ${error.message} ${error.detail ?? ''}` : 'no error';
  const times = steps.map(
    ({ name, state, startedAt, endedAt }) => `${name} ${state} ${(endedAt ?? 0) - (startedAt ?? 0)}`,
  );
  return `${reason}\n${times.join(', ')}\n${logLines.slice(-20).join('\n')}\n${JSON.stringify(rest, null, 1)}`;
}

export async function createRig(options: RigOptions): Promise<Rig> {
  const clock = options.clock ?? systemClock;
  const storage = openStorage(options.data, clock);
  const library = createRecipeLibrary([
    recipesInFolders({ folders: () => [{ path: options.recipes, source: 'tests' }] }),
  ]);
  await library.reload();
  const input = clusterInputSchema.parse({ name: 'Test', host: 'here', user: 'ada' });
  const cluster: Cluster = { id: 'c1', createdAt: 1, demo: false, site: null, ...input, ...options.cluster };
  const targets = new Map<string, GatewayTarget>();
  const render = createRender(join(options.recipes, 'templates'));
  let renders = 0;
  const instances = createInstances({
    findJob: () => null,
    connections: options.connections,
    storage,
    launchers: options.launchers ?? launchers,
    library,
    render: (...given) => {
      renders += 1;
      return render(...given);
    },
    findRoute: options.findRoute,
    launchFiles: { prepare: options.prepareFiles ?? (async () => undefined), addToJobDirectory: async () => undefined },
    gateway: {
      add: (target) => void targets.set(target.id, target),
      remove: async (id) => void targets.delete(id),
      wake: () => undefined,
    },
    clusters: (id) => (id === cluster.id ? cluster : undefined),
    facts: createClusterFacts({
      connections: options.connections,
      storage,
      launchers: options.launchers ?? launchers,
      clock,
    }),
    clock,
    logger,
  });
  const until: Rig['until'] = async (id, condition) => {
    const limit = Date.now() + PATIENCE_MS;
    for (;;) {
      const instance = instances.get(id);
      if (condition(instance)) return instance;
      if (Date.now() > limit) {
        throw new Error(`not within ${PATIENCE_MS} ms: ${describe(instance)}`);
      }
      await delay(50);
    }
  };
  return {
    instances,
    renders: () => renders,
    targets,
    cluster,
    launch: (recipe, change = {}) =>
      instances.launch(launchInputSchema.parse({ clusterId: cluster.id, recipe, ...change })).id,
    until,
    untilState: (id, state) =>
      until(id, (instance) => {
        if (instance.state === state) return true;
        const isOver = instance.state === 'failed' || instance.state === 'ended';
        if (isOver) throw new Error(`${instance.state} instead of ${state}: ${describe(instance)}`);
        return false;
      }),
    isAnswering: async (id) => {
      const target = targets.get(id);
      if (!target) return 'unknown to the gateway';
      return probe({ ...target, open: (signal) => target.open(signal) }, new AbortController().signal);
    },
    close: async () => {
      await instances.dispose();
      storage.close();
    },
  };
}
