import type { LocalEnd } from '../electron/client/local-listener.ts';
import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import { MAX_SOCKET_PATH } from '../electron/shared/tunnels.ts';

/** What a tunnel leads to, seen from `node`; empty: the login node. */
export type TunnelTarget = { node: string } & ({ socket: string } | { port: number });

export interface TargetOptions {
  port?: string;
  socket?: string;
  node?: string;
}

/** What is meant on a cluster. @throws AppError `bad-input` */
export function targetOf({ port, socket, node = '' }: TargetOptions): TunnelTarget {
  if ((port === undefined) === (socket === undefined)) {
    throw new AppError('bad-input', 'Give either --port or --socket.', {
      hint: 'Which one does the program there listen on?',
    });
  }
  if (socket !== undefined) {
    if (socket.startsWith('/')) return { node, socket };
    throw new AppError('bad-input', message`“${{ socket }}” is no whole path.`, {
      hint: 'Begin it with /, as it is on the cluster.',
    });
  }
  return { node, port: portNumber(port ?? '', 1) };
}

/** Where the tunnel is reached on this computer; by default a socket that only the user can open. @throws AppError `bad-input` */
export function localEnd({ localPort, localSocket }: { localPort?: string; localSocket?: string }): LocalEnd {
  if (localPort !== undefined && localSocket !== undefined) {
    throw new AppError('bad-input', 'Give either --local-port or --local-socket.');
  }
  if (localPort !== undefined) return { kind: 'port', port: portNumber(localPort, 0) };
  if (localSocket !== undefined && Buffer.byteLength(localSocket) > MAX_SOCKET_PATH) {
    throw new AppError('path-too-long', 'The path of a socket has at most 103 bytes.', {
      hint: 'Choose a shorter one.',
    });
  }
  return { kind: 'socket', path: localSocket ?? null };
}

function portNumber(text: string, least: number): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= least && port <= 65_535) return port;
  throw new AppError('bad-input', message`“${{ text }}” is no port.`, {
    hint: message`Ports are numbers from ${{ least }} to 65535.`,
  });
}
