import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../electron/core/clock.ts';
import type { GatewayTarget } from '../../../electron/core/gateway/types.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import { createPrompts } from '../../../electron/core/ssh/auth/prompts.ts';
import { createConnections } from '../../../electron/core/ssh/pool/connections.ts';
import { memorySecrets } from '../../../electron/core/storage/secrets.ts';
import { type Cluster, clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { asUser, type ClusterInfo, type ClusterName, upCluster } from '../../helpers/clusters.ts';
import { testHost } from '../../helpers/engine-host.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';
import { createRig, logger, type Rig, temporary } from '../instances/rig.ts';

export const USER = 'ben';

const root = join(import.meta.dirname, '../../..');

/** What a container shows of itself, and then how it ends. */
const look = `#!/no/such/bash
echo "uid $(id -u)"
echo "umask $(umask)"
echo "work $PWD"
echo "home $HOME"
echo "node $TUNEL_NODE"
echo "odd $ODD"
echo "secret \${AWS_SECRET_KEY:-none} \${LEFT_OUT:-none}"
echo "inside \${APPTAINER_CONTAINER:+apptainer}$([ ! -e /run/.containerenv ] || echo podman)"
echo "bound $(cat /bound/file) $(touch /bound/new 2>/dev/null && echo writable || echo read-only)"
echo made >"$HOME/.tunel-made"
exit 7
`;
const stubborn = `trap '' TERM
python3 -c 'import time; time.sleep(600)' &
exec python3 -c 'import os, signal, socket, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
made = socket.socket(socket.AF_UNIX)
made.bind(os.environ["TUNEL_SOCKET"])
made.listen()
print("deaf to TERM", flush=True)
time.sleep(600)'
`;

/** hello and jupyter as they are shipped, and two of the tests'. */
function writeRecipes(folder: string): void {
  for (const name of ['hello', 'jupyter', 'templates']) {
    cpSync(join(root, 'recipes', name), join(folder, name), { recursive: true });
  }
  const write = (name: string, yaml: string, script: string): void => {
    mkdirSync(join(folder, name));
    const head = `launcher: login\nlaunchers_supported: [slurm]\nscript: run.sh\ndescription: ${name}\n`;
    writeFileSync(join(folder, name, 'app.yaml'), head + yaml);
    writeFileSync(join(folder, name, 'run.sh'), script);
  };
  const container = (more: string): string => `container:\n  image: localhost/none\n${more}`;
  write('look', container(`  binds: ['~/bound:/bound:ro']\n  env: { ODD: "it's $HOME \\"$(id)\\"" }\n`), look);
  write('saves', container(''), saves);
  write('stubborn', `needs: { socket: true }\n${container('')}`, stubborn);
}

/** Takes its time to save, and needs a file of its image for it. */
const saves = `exec python3 -c 'import os, signal, sys, time
def save(*_):
    time.sleep(1)
    import json
    with open(os.environ["TUNEL_DIR"] + "/saved", "w") as file:
        json.dump("saved", file)
    sys.exit(0)
signal.signal(signal.SIGTERM, save)
print("at work", flush=True)
while True:
    time.sleep(1)'
`;

export interface Place {
  info: ClusterInfo;
  rig: Rig;
  /** Runs on a node as the user. */
  on(node: string, script: string): Promise<string>;
  /** Until no process of a launch of this place is left on a node, and no directory of a runtime. Fails with what is. */
  quiet(node: string): Promise<void>;
  /** One request by the instance's route, signed in or not. */
  ask(id: string, path: string, signedIn: boolean): Promise<{ status: number; text: string }>;
  log(id: string): Promise<string>;
  close(): Promise<void>;
}

/** A data directory and a connection of its own to a running cluster. */
export async function openPlace(name: ClusterName): Promise<Place> {
  const info = await upCluster(name, 'alone as ben');
  const recipes = temporary('tunel-recipes-');
  const data = temporary('tunel-data-');
  writeRecipes(recipes.path);
  const { address, port } = info.hosts[info.entry] ?? { address: '', port: 22 };
  const input = clusterInputSchema.parse({
    name,
    host: address,
    port,
    user: USER,
    methods: ['key'],
    keyFiles: [info.keys[USER]],
  });
  const environment = 'LEFT_OUT=1 AWS_SECRET_KEY=x; export LEFT_OUT AWS_SECRET_KEY';
  const cluster: Cluster = {
    ...input,
    defaults: { ...input.defaults, environment },
    id: 'c1',
    createdAt: 1,
    demo: false,
    site: null,
  };
  const connections = createConnections({
    clusters: (id) => (id === cluster.id ? cluster : undefined),
    secrets: memorySecrets('a test'),
    prompts: createPrompts({ clock: systemClock, host: testHost }),
    clock: systemClock,
    logger,
    appKnownHostsFile: `${data.path}/known_hosts`,
    knownHostsFiles: [info.known_hosts],
    defaultKeyFiles: [],
    agentSocket: '',
  });
  const rig = await createRig({ connections, findRoute, data: data.path, recipes: recipes.path, cluster });
  const on: Place['on'] = async (node, script) => (await asUser(USER, info, node, script)).stdout;
  const left = async (node: string): Promise<string> => {
    const ids = rig.instances.list().map(({ id }) => id);
    const any = ids.join('|');
    return on(
      node,
      `for process in /proc/[0-9]*; do
  if tr '\\0' '\\n' <"$process/environ" | grep -Eq '^(TUNEL_ID=(${any})$|APPTAINER_CACHEDIR=/tmp/tunel-)' ||
    tr '\\0' ' ' <"$process/cmdline" | grep -Eq '(${any})/pull[.]sh'; then tr '\\0' ' ' <"$process/cmdline"; echo; fi
done 2>/dev/null
find /tmp -maxdepth 2 -path '/tmp/tunel-*/cache' -user ${USER} 2>/dev/null
:`,
    );
  };
  const quiet: Place['quiet'] = async (node) => {
    const limit = Date.now() + PATIENCE_MS;
    for (let rest = await left(node); rest.trim() !== ''; rest = await left(node)) {
      if (Date.now() > limit) throw new Error(`left on ${node}:\n${rest}`);
      await delay(300);
    }
  };
  return {
    info,
    rig,
    on,
    quiet,
    ask: async (id, path, signedIn) => {
      const target = rig.targets.get(id);
      if (!target) throw new Error('unknown to the gateway');
      return fetchFrom(target, path, signedIn);
    },
    log: async (id) => (await rig.instances.log(id, -65_536)).text,
    close: async () => {
      for (const { id } of rig.instances.list()) rig.instances.end(id);
      for (const { id } of rig.instances.list()) {
        await rig.until(id, (now) => now.state === 'ended' || now.state === 'failed');
      }
      await quiet(info.entry);
      const ids = rig.instances
        .list()
        .map(({ id }) => `~/.tunel/${id}`)
        .join(' ');
      await on(info.entry, `rm -rf ~/.tunel/cache ~/bound ~/.tunel-made ${ids}`);
      await rig.close();
      await connections.dispose();
      data.remove();
      recipes.remove();
    },
  };
}

async function fetchFrom(
  target: GatewayTarget,
  path: string,
  signedIn: boolean,
): Promise<{ status: number; text: string }> {
  const channel = await target.open();
  channel.on('error', () => channel.destroy());
  const { serve } = target;
  const headers: Record<string, string> = { host: 'localhost', connection: 'close' };
  if (signedIn && serve.token) headers[serve.token.header] = serve.token.value.replaceAll('{token}', target.token);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ createConnection: () => channel, path, headers }, resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += String(part);
  channel.destroy();
  return { status: response.statusCode ?? 0, text };
}
