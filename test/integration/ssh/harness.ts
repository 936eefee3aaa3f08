import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../electron/core/clock.ts';
import { createPrompts } from '../../../electron/core/ssh/auth/prompts.ts';
import { type ConnectionsOptions, createConnections } from '../../../electron/core/ssh/pool/connections.ts';
import type { Connections, Prompts } from '../../../electron/core/ssh/types.ts';
import {
  type Cluster,
  type ConnectionEvent,
  type ConnectionStatus,
  clusterSchema,
} from '../../../electron/shared/clusters.ts';
import type { AppError } from '../../../electron/shared/errors.ts';
import type { Prompt, PromptAnswer } from '../../../electron/shared/prompts.ts';
import { type ClusterInfo, onNode } from '../../helpers/clusters.ts';
import { testHost } from '../../helpers/engine-host.ts';
import { MemorySecrets } from '../../helpers/memory-secrets.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';

export interface World {
  connections: Connections;
  prompts: Prompts;
  secrets: MemorySecrets;
  directory: string;
  /** Every question that came up, in order. */
  asked: Prompt[];
  /** Requests to approve on another device; they close by themselves. */
  approvals: Prompt[];
  events: ConnectionEvent[];
  statuses: ConnectionStatus[];
  add(cluster: Record<string, unknown>): Cluster;
  /** Gives the next answers in order, null leaves one open; a question too many is cancelled. */
  answers(...answers: (PromptAnswer | ((prompt: Prompt) => PromptAnswer | null))[]): void;
  dispose(): Promise<void>;
}

/** The connections with nothing of this machine's user: no agent, no keys, no known hosts but those given. */
export async function createWorld(options: Partial<ConnectionsOptions> = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'tunel-ssh-'));
  const prompts = createPrompts({ clock: systemClock, host: testHost });
  const secrets = new MemorySecrets();
  const clusters = new Map<string, Cluster>();
  const asked: Prompt[] = [];
  const approvals: Prompt[] = [];
  const queue: (PromptAnswer | ((prompt: Prompt) => PromptAnswer | null))[] = [];
  const connections = createConnections({
    clusters: (id) => clusters.get(id),
    secrets,
    prompts,
    clock: systemClock,
    logger: quietLogger,
    appKnownHostsFile: join(directory, 'known_hosts'),
    knownHostsFiles: [],
    defaultKeyFiles: [],
    agentSocket: '',
    ...options,
  });
  const seen = new Set<string>();
  prompts.onChange((list) => {
    for (const prompt of list) {
      if (seen.has(prompt.id)) continue;
      seen.add(prompt.id);
      if (prompt.kind === 'approval') {
        approvals.push(prompt);
        continue;
      }
      asked.push(prompt);
      const next = queue.shift() ?? { kind: 'cancel' };
      queueMicrotask(() => {
        const answer = typeof next === 'function' ? next(prompt) : next;
        if (answer) prompts.answer(prompt.id, answer);
      });
    }
  });
  const events: ConnectionEvent[] = [];
  const statuses: ConnectionStatus[] = [];
  connections.on('event', (event) => events.push(event));
  connections.on('status', (_id, status) => statuses.push(status));
  return {
    connections,
    prompts,
    secrets,
    directory,
    asked,
    approvals,
    events,
    statuses,
    add(input) {
      const cluster = clusterSchema.parse({ id: 'c1', name: 'Test', createdAt: 1, user: 'ada', ...input });
      clusters.set(cluster.id, cluster);
      return cluster;
    },
    answers(...answers) {
      queue.push(...answers);
    },
    async dispose() {
      await connections.dispose();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const secret = (value: string, remember = false): PromptAnswer => ({ kind: 'secret', value, remember });
export const typed = (...values: string[]): PromptAnswer => ({ kind: 'interactive', values });
export const acceptKey: PromptAnswer = { kind: 'host-key', accept: true, save: true };

/** The login node behind the bastion, at one of its ports, by ada's key and with known host keys. */
export function behindBastion(info: ClusterInfo, port = 22, more: Record<string, unknown> = {}) {
  return {
    host: 'login',
    port,
    jumps: [{ host: info.hosts.bastion?.address, port: 22, user: 'ada' }],
    methods: ['key'],
    keyFiles: [info.keys.ada],
    knownHostsFile: info.known_hosts,
    ...more,
  };
}

/** A second sshd on the login node, at 2290, with other options. Returns what ends it. */
export async function extraSshd(cluster: ClusterInfo, edit: string): Promise<() => Promise<void>> {
  await onNode(
    cluster,
    'login',
    `sed -e 's/^Port 2201/Port 2290/' -e 's/2201.pid/2290.pid.other/' -e '${edit}' /etc/ssh/sshd_2201 >/tmp/sshd_2290
     /usr/sbin/sshd -f /tmp/sshd_2290`,
  );
  const known = await readFile(cluster.known_hosts, 'utf8');
  await writeFile(cluster.known_hosts, known.replace('[login]:2201', '[login]:2201,[login]:2290'));
  return async () => {
    await onNode(cluster, 'login', 'kill $(cat /run/sshd/2290.pid.other)');
    await writeFile(cluster.known_hosts, known);
  };
}

/** The bastion `oneWayMs` away, at a port of this machine with its host key. `close` ends it. */
export async function farBastion(cluster: ClusterInfo, oneWayMs: number): Promise<{ port: number; close(): void }> {
  const address = cluster.hosts.bastion?.address ?? '';
  const sockets = new Set<Socket>();
  // Timers of one length end in the order in which they began.
  const carry = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (chunk) => void globalThis.setTimeout(() => to.write(chunk), oneWayMs));
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect(22, address);
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const known = await readFile(cluster.known_hosts, 'utf8');
  const keys = known
    .split('\n')
    .filter((line) => line.split(' ', 1)[0]?.split(',').includes(address))
    .map((line) => `[127.0.0.1]:${port}${line.slice(line.indexOf(' '))}`);
  await writeFile(cluster.known_hosts, `${known.trimEnd()}\n${keys.join('\n')}\n`);
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The AppError that a promise rejects with; fails when it resolves. */
export async function failure(promise: Promise<unknown>): Promise<AppError> {
  const outcome = await promise.then(
    () => null,
    (error: AppError) => error,
  );
  if (!outcome) throw new Error('expected a failure');
  return outcome;
}

/** Waits for a condition, looking again often; throws after `ms`. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not in ${PATIENCE_MS} ms: ${what}`);
    await systemClock.sleep(25);
  }
}

/** Restarts the listeners, which forget whom they hold off after failed sign-ins (PerSourcePenalties). */
export async function forgiveFailures(info: ClusterInfo): Promise<void> {
  for (const node of Object.keys(info.hosts)) {
    await onNode(
      info,
      node,
      `cat /run/sshd/*.pid | xargs kill -HUP
       for attempt in $(seq 100); do
         ready=yes
         for file in /run/sshd/*.pid; do
           port=$(basename "$file" .pid)
           { exec 3<>"/dev/tcp/127.0.0.1/$port" && read -r -t 2 greeting <&3; } 2>/dev/null || ready=no
           case $greeting in SSH-*) ;; *) ready=no ;; esac
           greeting=
         done
         [ "$ready" = no ] || exit 0
         sleep 0.05
       done
       exit 1`,
    );
  }
}
