import type { LocalEnd } from '../electron/client/local-listener.ts';
import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import { MAX_SOCKET_PATH } from '../electron/shared/tunnels.ts';
import { readPort } from './option-values.ts';
import { UsageError } from './usage-error.ts';

/** What a tunnel leads to, seen from `node`; empty: the login node. */
export type TunnelTarget = { node: string } & ({ socket: string } | { port: number });

export interface TargetOptions {
  port?: string;
  socket?: string;
  node?: string;
}

/** What is meant on a cluster. @throws UsageError */
export function targetOf({ port, socket, node = '' }: TargetOptions): TunnelTarget {
  if ((port === undefined) === (socket === undefined)) {
    throw new UsageError('Give either --port or --socket.', {
      hint: 'Which one does the program there listen on?',
    });
  }
  if (socket !== undefined) {
    if (socket.startsWith('/')) return { node, socket };
    throw new UsageError(message`--socket takes a whole path, not “${{ socket }}”.`, {
      hint: 'Begin it with /, as it is on the cluster.',
    });
  }
  return { node, port: readPort('--port', port ?? '', 1) };
}

/** Where the tunnel is reached on this computer; by default a socket that only the user can open. @throws UsageError */
export function localEnd({ localPort, localSocket }: { localPort?: string; localSocket?: string }): LocalEnd {
  if (localPort !== undefined && localSocket !== undefined) {
    throw new UsageError('Give either --local-port or --local-socket.');
  }
  if (localPort !== undefined) return { kind: 'port', port: readPort('--local-port', localPort, 0) };
  if (localSocket !== undefined && Buffer.byteLength(localSocket) > MAX_SOCKET_PATH) {
    throw new AppError('path-too-long', 'The path of a socket has at most 103 bytes.', {
      hint: 'Choose a shorter one.',
    });
  }
  return { kind: 'socket', path: localSocket ?? null };
}
