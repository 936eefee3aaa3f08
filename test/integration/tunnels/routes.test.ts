import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Launcher } from '../../../electron/core/launchers/launcher.ts';
import { login } from '../../../electron/core/launchers/login.ts';
import { slurm } from '../../../electron/core/launchers/slurm.ts';
import type { LiveConnection } from '../../../electron/core/ssh/connection.ts';
import { findRoute } from '../../../electron/core/tunnels/routes.ts';
import type { Route } from '../../../electron/core/tunnels/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { RouteKind } from '../../../electron/shared/kinds.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { eventually, makeInstance, untilJob } from '../../helpers/instance.ts';
import { liveConnection } from '../../helpers/live-connection.ts';

/** Echoes on a socket, on a port of the node's loopback and on one of all its addresses; `ready` names the ports. */
const echo = `exec python3 - <<'PY'
import os, socketserver, threading
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096): self.request.sendall(data.upper())
servers = [socketserver.ThreadingUnixStreamServer('s', Echo)]
servers += [socketserver.ThreadingTCPServer((address, 0), Echo) for address in ('127.0.0.1', '0.0.0.0')]
for server in servers: threading.Thread(target=server.serve_forever).start()
with open('ready.new', 'w') as file: print(*(server.server_address[1] for server in servers[1:]), file=file)
os.rename('ready.new', 'ready')
PY`;

interface App {
  id: string;
  directory: string;
  node: string;
  socket: string;
  loopbackPort: number;
  openPort: number;
}

let cluster: ClusterInfo;
let connection: LiveConnection;
let onNode: App;
let onLogin: App;

async function startApp(launcher: Launcher): Promise<App> {
  const submission = await makeInstance(cluster, cluster.entry, echo, { time: 5 });
  const { directory } = submission;
  const job = { id: await launcher.submit(connection, submission), directory };
  const { node } = await untilJob(launcher, connection, job, (status) => status.state === 'running');
  const look = () => asUser('ada', cluster, cluster.entry, ['cat', `${directory}/ready`], { check: false });
  const ready = await eventually(look, ({ code }) => code === 0);
  const [loopbackPort = 0, openPort = 0] = ready.stdout.split(' ').map(Number);
  return { ...job, node, socket: `${directory}/s`, loopbackPort, openPort };
}

beforeAll(async () => {
  cluster = await upCluster('slurm24');
  connection = await liveConnection(cluster, cluster.entry);
  onNode = await startApp(slurm);
  onLogin = await startApp(login);
});
afterAll(async () => {
  if (onLogin) await login.cancel(connection, [onLogin], 'now');
  if (onNode) await slurm.cancel(connection, [onNode], 'now');
  connection?.close();
});

async function talks(route: Route): Promise<void> {
  const streams: Duplex[] = await Promise.all([route.open(), route.open()]);
  for (const stream of streams) {
    stream.write('hello');
    const [answer] = await once(stream, 'data');
    expect(String(answer)).toBe('HELLO');
    stream.destroy();
  }
}

async function route(endpoint: Parameters<typeof findRoute>[0]['endpoint'], remembered?: RouteKind): Promise<Route> {
  const found = await findRoute({ connection, endpoint, remembered });
  await talks(found);
  found.close();
  found.close();
  return found;
}

describe('routes on a real cluster', () => {
  it('reaches a socket on the login node', async () => {
    const { info } = await route({ kind: 'socket', node: 'slogin.cluster.example', path: onLogin.socket });
    expect(info).toEqual({ kind: 'socket', words: 'socket on the login node', refused: [], warning: null });
  });

  it('reaches a socket on a compute node by a second hop, and says why not from the login node', async () => {
    const endpoint = { kind: 'socket', node: onNode.node, path: onNode.socket } as const;
    const { info } = await route(endpoint);
    expect(info).toMatchObject({ kind: 'node', words: `socket through ${onNode.node}`, warning: null });
    expect(info.refused).toEqual([
      { kind: 'socket', reason: expect.stringMatching(/^nothing answers at the socket from slogin/) },
    ]);
    expect((await route(endpoint, 'node')).info).toMatchObject({ kind: 'node', refused: [] });
  });

  it('reaches a port on the loopback of a compute node, and one that is open to the cluster with a warning', async () => {
    const loopback = await route({ kind: 'port', node: onNode.node, port: onNode.loopbackPort });
    expect(loopback.info).toMatchObject({ kind: 'node', words: `port through ${onNode.node}` });
    const open = await route({ kind: 'port', node: onNode.node, port: onNode.openPort }, 'port');
    expect(open.info).toMatchObject({ kind: 'port', warning: expect.stringMatching(/^Others on the cluster/) });
  });

  it('reaches a port on the loopback of the login node', async () => {
    const { info } = await route({ kind: 'port', node: 'slogin', port: onLogin.loopbackPort });
    expect(info).toMatchObject({ kind: 'port', words: 'port on the login node' });
  });

  it('falls back to the port when the node takes no ssh', async () => {
    // pam_slurm lets nobody in without a job there.
    const other = onNode.node === 'c1' ? 'c2' : 'c1';
    const endpoint = { kind: 'port', node: other, port: 22 } as const;
    const found = await findRoute({ connection, endpoint });
    expect(found.info.kind).toBe('port');
    expect(found.info.refused).toEqual([{ kind: 'node', reason: expect.stringContaining(other) }]);
    found.close();
  });

  it('tells every way and its reason when there is none, at once', async () => {
    const started = Date.now();
    const error = await findRoute({
      connection,
      endpoint: { kind: 'socket', node: onNode.node, path: '/nonexistent/s' },
    }).catch(AppError.from);
    expect(error).toMatchObject({
      code: 'no-route',
      detail: expect.stringMatching(/^socket: nothing answers.*\nnode: nothing answers/),
    });
    expect(Date.now() - started).toBeLessThan(8000);
  });

  it('says that a cluster forbids forwarding', async () => {
    const walled = await upCluster('login');
    const bastion = await liveConnection(walled, 'bastion');
    // This port of the login node has DisableForwarding.
    const strict = await liveConnection(walled, 'login', { port: 2203, through: bastion });
    await expect(
      findRoute({ connection: strict, endpoint: { kind: 'port', node: 'login', port: 22 } }),
    ).rejects.toMatchObject({
      code: 'no-route',
      detail: expect.stringMatching(/^port: login does not allow forwarding/),
      hint: expect.stringMatching(/forbids forwarding/),
    });
    // OpenSSH gives a forbidden socket and one that nobody listens on the same answer; neither is claimed.
    await expect(
      findRoute({ connection: strict, endpoint: { kind: 'socket', node: 'login', path: '/tmp/s' } }),
    ).rejects.toMatchObject({
      detail: expect.stringMatching(
        /nothing answers at the socket from login, or it does not allow forwarding to sockets/,
      ),
    });
    strict.close();
    bastion.close();
  });

  it('ends with the connection, and with a cancel', async () => {
    const lost = await liveConnection(cluster, cluster.entry);
    lost.close();
    const endpoint = { kind: 'socket', node: 'slogin', path: onLogin.socket } as const;
    await expect(findRoute({ connection: lost, endpoint })).rejects.toMatchObject({ code: 'connection-lost' });
    await expect(findRoute({ connection, endpoint, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
