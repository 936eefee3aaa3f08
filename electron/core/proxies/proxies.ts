import { randomBytes } from 'node:crypto';
import type { Duplex, Writable } from 'node:stream';
import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { clusterHostName, instanceHostName } from '../../shared/ssh-host-names.ts';
import { limited } from '../ssh/shells/run.ts';
import type { Connection, Connections } from '../ssh/types.ts';
import type { Target, Terminals } from '../terminals/types.ts';
import { type Greeting, readGreeting } from './greeting.ts';
import { type Address, parseOwnSshd } from './own-sshd-policy.ts';
import type { SshFiles } from './ssh-files.ts';
import { ownSshdScript, userSshdScript } from './user-sshd-script.ts';

/** A scheduler may take its time to let a command into a job. */
const START_MS = 60_000;

interface ProxiesDeps {
  connections: Pick<Connections, 'acquire'>;
  terminals: Pick<Terminals, 'openCommand'>;
  instances: { get(id: string): Pick<Instance, 'id' | 'clusterId' | 'title'> };
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
  clusters: () => readonly Cluster[];
  files: Pick<SshFiles, 'keyPair' | 'rememberHostKeys'>;
}

export interface ProxyOptions {
  /** The name that ssh uses for it, besides the usual one. */
  hostName?: string | undefined;
  signal: AbortSignal;
  /** Takes what the server there reports of trouble. */
  stderr: Writable;
}

/** One SSH connection for another tool: its bytes, and what serves it at the other end. */
export interface ProxyConnection {
  data: Duplex;
  /** `user-sshd`: one that Tunel started and that accepts its key; `own-sshd`: the login node's own, where the tool signs in itself. */
  via: 'user-sshd' | 'own-sshd';
  user: string;
  node: string;
  /** Resolves when the other end is over; never rejects. */
  ended: Promise<unknown>;
}

export class Proxies {
  readonly #deps: ProxiesDeps;

  constructor(deps: ProxiesDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `not-permitted` where the site forbids it, `command-missing` where a node has no sshd */
  async open(target: Target, options: ProxyOptions): Promise<ProxyConnection> {
    const { instances } = this.#deps;
    const app = 'appId' in target ? instances.get(target.appId) : null;
    const cluster = this.#deps.cluster('appId' in target ? instances.get(target.appId).clusterId : target.clusterId);
    const isLoginNode = 'clusterId' in target && target.node === undefined;
    const usualName = app
      ? instanceHostName(app)
      : isLoginNode
        ? clusterHostName(cluster, this.#deps.clusters())
        : null;
    const names = [...new Set([usualName, options.hostName?.toLowerCase() ?? null])].filter((name) => name !== null);
    if (cluster.site?.userSshd === 'forbidden') {
      if (isLoginNode) return this.#openOwn(cluster, names, options.signal);
      throw forbidden(cluster.site.site);
    }
    const opened = await this.#openUserSshd(target, cluster, names, options);
    if (opened) return opened;
    if (isLoginNode) return this.#openOwn(cluster, names, options.signal);
    throw new AppError('command-missing', message`There is no sshd on the node, so that ssh cannot reach it.`, {
      hint: 'Ask the site to install openssh-server there. A terminal works without: tunel shell --app ID',
    });
  }

  /** null: there is no sshd. */
  async #openUserSshd(
    target: Target,
    cluster: Cluster,
    names: readonly string[],
    { signal, stderr }: ProxyOptions,
  ): Promise<ProxyConnection | null> {
    const { terminals, files } = this.#deps;
    const mark = `tunel-sshd-${randomBytes(16).toString('hex')} `;
    const script = userSshdScript(files.keyPair().publicKey, mark.trimEnd());
    const command = await terminals.openCommand(target, script, { signal, stderr, isWorkspace: true });
    try {
      const greeting = await withinLimit(signal, (limit) => readGreeting(command, mark, limit));
      if (greeting.kind === 'none') {
        command.destroy();
        return null;
      }
      if (!('clusterId' in target) || target.node !== undefined) await this.#checkUser(greeting, cluster, signal);
      files.rememberHostKeys(names, [greeting.hostKey]);
      return { data: command, via: 'user-sshd', user: greeting.user, node: greeting.node, ended: command.ended };
    } catch (error) {
      command.on('error', () => undefined);
      command.destroy();
      throw error;
    }
  }

  /** ssh names the user of the cluster, whose names differ from node to node where they are of a Windows domain. */
  async #checkUser(
    { uid, user, node }: Extract<Greeting, { kind: 'ready' }>,
    cluster: Cluster,
    signal: AbortSignal,
  ): Promise<void> {
    const { connection, release } = await this.#deps.connections.acquire(cluster.id, signal);
    try {
      const { stdout } = await connection.run('id -u', { signal });
      if (stdout.trim() === uid) return;
    } finally {
      release();
    }
    throw new AppError(
      'conflict',
      message`On ${{ node }} this runs as ${{ user }}, not as ${{ expected: cluster.user }}.`,
      { hint: 'A terminal works there: tunel shell --app ID' },
    );
  }

  /** The login node's own sshd, through a channel of the connection. Its host keys are read there, so that ssh need not ask. */
  async #openOwn(cluster: Cluster, names: readonly string[], signal: AbortSignal): Promise<ProxyConnection> {
    const { connections, files } = this.#deps;
    const { connection, release } = await connections.acquire(cluster.id, signal);
    try {
      const { stdout } = await connection.run(ownSshdScript, { signal });
      const { address, keys } = parseOwnSshd(stdout);
      files.rememberHostKeys(names, keys);
      const data = await openFirst(connection, [...address, { host: '127.0.0.1', port: cluster.port }], signal);
      const ended = new Promise<void>((resolve) => data.once('close', resolve));
      void ended.then(release);
      return { data, via: 'own-sshd', user: cluster.user, node: connection.node, ended };
    } catch (error) {
      release();
      throw error;
    }
  }
}

async function withinLimit<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = () =>
    new AppError('timeout', message`No sshd was started there within ${{ seconds: START_MS / 1000 }} s.`);
  const limit = limited(signal, START_MS, late);
  try {
    return await work(limit.signal);
  } finally {
    limit.done();
  }
}

/** The first of some addresses of an sshd that takes a connection: a site may restrict where channels lead. */
async function openFirst(
  connection: Pick<Connection, 'openPort'>,
  [first, ...others]: readonly Address[],
  signal: AbortSignal,
): Promise<Duplex> {
  if (!first) throw new AppError('internal', 'An sshd without an address was asked for.');
  try {
    return await connection.openPort(first.host, first.port, signal);
  } catch (error) {
    if (others.length === 0 || signal.aborted) throw error;
    return openFirst(connection, others, signal);
  }
}

const forbidden = (site: string): AppError =>
  new AppError('not-permitted', message`The profile of ${{ site }} forbids to start an sshd on a node.`, {
    hint: 'A terminal works there: tunel shell --app ID',
  });
