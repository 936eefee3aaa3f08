import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Tunnel } from '../../electron/core/tunnels/types.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { withCore } from '../open-core.ts';
import { guarded, printJson, say } from '../output.ts';
import { findCluster } from '../places.ts';
import { type LocalEnd, localEnd, type TargetOptions, targetOf } from '../tunnel-policy.ts';

interface Options extends TargetOptions {
  localPort?: string;
  localSocket?: string;
  json?: boolean;
}

export function tunnelCommand(program: Command): void {
  program
    .command('tunnel <cluster>')
    .description(
      'a way from here to a port or socket there, until Ctrl-C: tunel tunnel hpc --port 8888; for an app of Tunel prefer: tunel open',
    )
    .option('--port <n>', 'a port there')
    .option('--socket <path>', 'a Unix socket there, instead of a port')
    .option('--node <name>', 'on this node, instead of the login node')
    .option('--local-socket <path>', 'the end here: a socket only you can open; left out: one in a private folder')
    .option('--local-port <n>', 'the end here: a port of this computer, which its other users can reach, too')
    .option('--json', 'as JSON, one line when it is open')
    .action((clusterName: string, options: Options) =>
      guarded(options.json === true, async () => {
        const target = targetOf(options);
        const here = localEnd(options);
        await withCore({ resume: false, demo: clusterName === 'demo' }, async (open) => {
          const cluster = findCluster(open.state(), clusterName);
          const tunnel = await open.core.tunnels.openTunnel(cluster.id, target, open.interrupted);
          const local = await listen(here, tunnel);
          try {
            if (options.json) printJson({ ...local.told, route: tunnel.info });
            else tell(local.told, tunnel);
            await open
              .until(() => null)
              .catch((error: unknown) => {
                if (AppError.from(error).code !== 'cancelled') throw error;
              });
          } finally {
            local.close();
            tunnel.close();
          }
        });
      }),
    );
}

type Told = { localSocket: string } | { localPort: number };

function tell(local: Told, { info }: Tunnel): void {
  if (info.warning) say(info.warning);
  if ('localSocket' in local) {
    process.stdout.write(`${local.localSocket}\n`);
    say(`Only you can open it. Try: curl --unix-socket ${local.localSocket} http://localhost/`);
  } else {
    process.stdout.write(`http://127.0.0.1:${local.localPort}/\n`);
    say('Other users of this computer can reach this port, too. --local-socket is for you alone.');
  }
  say(`Open (${info.words}) until Ctrl-C.`);
}

async function listen(here: LocalEnd, tunnel: Tunnel): Promise<{ told: Told; close(): void }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    tunnel.open().then(
      (channel) => {
        if (socket.destroyed) {
          channel.destroy();
          return;
        }
        channel.on('error', () => channel.destroy());
        channel.once('close', () => socket.destroySoon());
        socket.once('close', () => channel.destroy());
        socket.pipe(channel).pipe(socket);
      },
      (error: unknown) => {
        say(AppError.from(error).message);
        socket.destroy();
      },
    );
  });
  if (here.kind === 'port') {
    await listening(server, () => server.listen(here.port, '127.0.0.1'), `Port ${here.port}`);
    const address = server.address();
    if (address === null || typeof address === 'string') throw new AppError('internal', 'A port has no number.');
    return { told: { localPort: address.port }, close: () => server.close() };
  }
  const folder = here.path === null ? mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'tunel-')) : null;
  const path = here.path === null ? join(folder ?? '', 's') : resolve(here.path);
  const discard = () => {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  };
  // Made closed: between a socket's birth and a chmod anybody could come in.
  const before = process.umask(0o177);
  try {
    await listening(
      server,
      () => {
        server.listen(path);
        process.umask(before);
      },
      path,
    );
    chmodSync(path, 0o600);
  } catch (error) {
    discard();
    throw error;
  } finally {
    process.umask(before);
  }
  return {
    told: { localSocket: path },
    close: () => {
      server.close();
      discard();
    },
  };
}

function listening(server: Server, begin: () => void, what: string): Promise<void> {
  return new Promise((done, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      reject(
        new AppError(isTaken ? 'conflict' : 'bad-input', `${what} cannot be listened on here.`, {
          hint: isTaken
            ? 'Something has it already; choose another one, or remove the old file.'
            : `See ${dirname(what)}.`,
          detail: cause.message,
          cause,
        }),
      );
    });
    server.once('listening', () => done());
    begin();
  });
}
