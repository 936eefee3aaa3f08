import { setTimeout as delay } from 'node:timers/promises';
import { type LocalEnd, listenLocally } from '../../electron/client/local-listener.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { RouteInfo } from '../../electron/shared/instances.ts';
import type { LocalAddress } from '../../electron/shared/tunnels.ts';
import { demoFor, type EngineSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';
import { localEnd, type TargetOptions, type TunnelTarget, targetOf } from '../tunnel-policy.ts';

export interface TunnelOptions extends TargetOptions, JsonOption {
  localPort?: string;
  localSocket?: string;
  background?: boolean;
}

interface TunnelInput {
  clusterId: string;
  target: TunnelTarget;
}

/** Between two attempts to hold a tunnel in the next engine. */
const RETRY_MS = 500;

export async function openTunnel(clusterName: string, options: TunnelOptions): Promise<void> {
  const target = targetOf(options);
  const end = localEnd(options);
  await withEngineState({ connects: true, ...demoFor(clusterName) }, async (session) => {
    const input = { clusterId: findCluster(session.state(), clusterName).id, target };
    if (options.background) return openInBackground(session, input, end, options);
    const held = await session.openStream('tunnels.hold', input);
    const listener = await listenLocally(end, {
      open: async () => (await session.openStream('tunnels.connect', input)).data,
      onRefused: ({ message }) => printProgress(message),
    });
    try {
      const { route } = held.opened;
      if (options.json) printJson({ ...addressFields(listener.address), route });
      else printAddress(listener.address, route, 'until Ctrl-C');
      await holdUntilInterrupted(session, input, held);
    } finally {
      listener.close();
    }
  });
}

/** The engine holds it until it ends or the tunnel is closed. */
async function openInBackground(
  session: EngineSession,
  input: TunnelInput,
  end: LocalEnd,
  { json }: JsonOption,
): Promise<void> {
  const local = end.kind === 'socket' ? { kind: end.kind, ...(end.path !== null && { path: end.path }) } : end;
  const tunnel = await session.request('tunnels.open', { ...input, local });
  if (json) return printJson({ id: tunnel.id, ...addressFields(tunnel.local), route: tunnel.route });
  printAddress(tunnel.local, tunnel.route, `until: tunel tunnels close ${tunnel.id}`);
}

type HeldTunnel = Awaited<ReturnType<typeof holdTunnel>>;
const holdTunnel = (session: EngineSession, input: TunnelInput) => session.openStream('tunnels.hold', input);

/** Holds the tunnel until Ctrl-C; where its engine ends, the next one holds it. */
async function holdUntilInterrupted(session: EngineSession, input: TunnelInput, first: HeldTunnel): Promise<void> {
  const { interrupted } = session;
  let held: HeldTunnel | null = first;
  while (!interrupted.aborted) {
    try {
      held ??= await holdTunnel(session, input);
      await untilClosed(held, interrupted);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (interrupted.aborted) return;
      if (error.code !== 'engine-down' && error.code !== 'connection-lost') throw error;
      await delay(RETRY_MS, undefined, { signal: interrupted }).catch(() => undefined);
    }
    held = null;
  }
}

async function untilClosed({ data, closed }: HeldTunnel, interrupted: AbortSignal): Promise<void> {
  const close = () => data.destroy();
  data.on('error', close);
  data.resume();
  if (interrupted.aborted) close();
  interrupted.addEventListener('abort', close, { once: true });
  try {
    await closed;
  } finally {
    interrupted.removeEventListener('abort', close);
  }
}

const addressFields = (address: LocalAddress) =>
  address.kind === 'socket' ? { localSocket: address.path } : { localPort: address.port };

function printAddress(address: LocalAddress, route: RouteInfo, end: string): void {
  if (route.warning) printProgress(route.warning);
  if (address.kind === 'socket') {
    process.stdout.write(`${address.path}\n`);
    printProgress(`Only you can open it. Try: curl --unix-socket ${address.path} http://localhost/`);
  } else {
    process.stdout.write(`http://127.0.0.1:${address.port}/\n`);
    printProgress('Other users of this computer can reach this port, too. --local-socket is for you alone.');
  }
  printProgress(`Open (${route.text}) ${end}.`);
}
