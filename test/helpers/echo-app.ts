import { once } from 'node:events';
import type { Launcher } from '../../electron/core/launchers/common/launcher.ts';
import type { Route } from '../../electron/core/routes/types.ts';
import type { Shell } from '../../electron/core/ssh/types.ts';
import { asUser, type ClusterInfo, onNode } from './clusters.ts';
import { eventually, makeInstance, untilJob } from './instance.ts';

/**
 * Answers in capitals on the socket `s`, on a port of the node's loopback and on one of all its addresses, with the process
 * id of who is connected to `s` when asked `who`, and with the same bytes on the socket `e`; `ready` names the ports.
 */
const script = `exec python3 - <<'PY'
import os, socket, socketserver, struct, threading
class Capitals(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            if data == b'who':
                data = str(struct.unpack('3i', self.request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]).encode()
            self.request.sendall(data.upper())
class Same(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(262144): self.request.sendall(data)
class Sockets(socketserver.ThreadingUnixStreamServer):
    request_queue_size = 128
    daemon_threads = True
servers = [Sockets('s', Capitals), Sockets('e', Same)]
servers += [socketserver.ThreadingTCPServer((address, 0), Capitals) for address in ('127.0.0.1', '0.0.0.0')]
for server in servers: threading.Thread(target=server.serve_forever).start()
with open('ready.new', 'w') as file: print(*(server.server_address[1] for server in servers[2:]), file=file)
os.rename('ready.new', 'ready')
PY`;

export interface EchoApp {
  id: string;
  directory: string;
  node: string;
  socket: string;
  sameSocket: string;
  loopbackPort: number;
  openPort: number;
}

/** Runs it by a launcher, and waits until it listens. For clusters whose nodes share the home directory. */
export async function startEchoApp(
  launcher: Launcher,
  cluster: ClusterInfo,
  shell: Shell,
  node: string,
): Promise<EchoApp> {
  const submission = await makeInstance(cluster, node, script, { time: 10 });
  const { directory } = submission;
  const job = { id: await launcher.submit(shell, submission), directory };
  const status = await untilJob(launcher, shell, job, ({ state }) => state === 'running');
  const look = () => asUser('ada', cluster, node, ['cat', `${directory}/ready`], { check: false });
  const ready = await eventually(look, ({ code }) => code === 0);
  const [loopbackPort = 0, openPort = 0] = ready.stdout.split(' ').map(Number);
  const sockets = { socket: `${directory}/s`, sameSocket: `${directory}/e` };
  return { ...job, node: status.node, ...sockets, loopbackPort, openPort };
}

/** Ends it and removes what it left. */
export async function stopEchoApp(launcher: Launcher, cluster: ClusterInfo, shell: Shell, app: EchoApp): Promise<void> {
  await launcher.cancel(shell, [app], 'now');
  await asUser('ada', cluster, cluster.entry, ['rm', '-rf', app.directory]);
}

/** Says something on a new connection of the route, and gives what the app answers. */
export async function ask(route: Route, words: string): Promise<string> {
  const stream = await route.open();
  stream.write(words);
  const [answer] = await once(stream, 'data');
  stream.destroy();
  return String(answer);
}

export async function isGone(cluster: ClusterInfo, node: string, pid: string): Promise<boolean> {
  return (await onNode(cluster, node, ['kill', '-0', pid], { check: false })).code !== 0;
}
