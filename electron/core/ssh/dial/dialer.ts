import type { Duplex } from 'node:stream';
import type { Cluster, Hop } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import { quote } from '../../../shared/shell-quote.ts';
import type { Clock, Logger, Secrets } from '../../deps.ts';
import { ApprovalNotice } from '../auth/approval-notice.ts';
import type { Ask } from '../auth/ask.ts';
import { SignIn } from '../auth/auth.ts';
import type { RememberedReply } from '../auth/prompt-policy.ts';
import { LiveConnection } from '../client/connection.ts';
import { link, openTcp } from '../client/link.ts';
import { Patience } from '../client/patience.ts';
import { checkHostKeys, type HostKeyCheck } from '../host-keys/host-keys.ts';
import { keyTypeOf } from '../host-keys/known-hosts.ts';
import { limited } from '../shells/run.ts';
import type { Prompts } from '../types.ts';
import { formatAddress, type HopAddress, jumpError, nameHop } from './connect-errors.ts';
import { HopQuestions, readOnlySecrets } from './hop-questions.ts';
import { type Dialed, type DialWatcher, quietWatcher, type Transport } from './transport.ts';

/** sshd itself tries for two minutes. */
const THROUGH_S = 20;

interface DialerOptions {
  prompts: Prompts;
  secrets: Secrets;
  clock: Clock;
  logger: Logger;
  knownHostsFiles: string[];
  appKnownHostsFile: string;
  usualKeys: string[];
  agentSocket: string | undefined;
  keepaliveMs: number;
  onMenuReply?(clusterId: string, remembered: RememberedReply): void;
}

/** How one hop differs from the others. */
interface HopKind {
  role: 'jump' | 'login' | 'node';
  keepaliveMs: number | null;
  /** The one name that its host key is looked up and kept under. */
  hostKeyName?: string;
  /** A name that its host key is kept under, while the files may know it under the host's too. */
  alias?: string;
  /** Another source that vouches for its host key. */
  isKnown?(blob: Buffer): Promise<boolean>;
}

interface SignInParts {
  cluster: Cluster;
  address: HopAddress;
  user: string;
  watcher: DialWatcher;
  ask: Ask;
  notice: ApprovalNotice;
}

/** Opens connections: to a cluster through its jump hosts, and from there to a compute node. Keeps no state. */
export class Dialer implements Transport {
  readonly #options: DialerOptions;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** Every hop's host key is checked, every hop signs in by itself; errors name the hop. */
  async dial(cluster: Cluster, watcher: DialWatcher, signal: AbortSignal): Promise<Dialed<LiveConnection>> {
    const hops: LiveConnection[] = [];
    const closeHops = () => {
      for (const hop of hops.reverse()) hop.close();
    };
    try {
      for (const jump of cluster.jumps) {
        const { connection } = await this.#hop(cluster, jump, true, hops.at(-1), watcher, signal);
        hops.push(connection);
      }
      const last = await this.#hop(cluster, cluster, false, hops.at(-1), watcher, signal);
      onAbort(last.connection.closed, closeHops);
      return last;
    } catch (error) {
      closeHops();
      throw error;
    }
  }

  async #hop(
    cluster: Cluster,
    hop: Hop,
    jump: boolean,
    through: LiveConnection | undefined,
    watcher: DialWatcher,
    signal: AbortSignal,
  ): Promise<Dialed<LiveConnection>> {
    const address: HopAddress = { host: hop.host, port: hop.port, jump };
    const open = (aborted?: AbortSignal) =>
      through ? openThrough(through, address, aborted) : openTcp(address, aborted);
    return this.#sshTo(cluster, address, hop.user, open, watcher, signal, {
      role: jump ? 'jump' : 'login',
      hostKeyName: hop.hostKeyAlias || undefined,
      keepaliveMs: jump ? null : this.#options.keepaliveMs,
    });
  }

  /**
   * A second hop to a compute node. Its host key counts as known when the user's files know it, or when the login node's own
   * files do; else the user is asked. It is kept under a name of this cluster: node names repeat from cluster to cluster.
   */
  async dialNode(
    cluster: Cluster,
    node: string,
    through: LiveConnection,
    watcher: DialWatcher,
    signal: AbortSignal,
  ): Promise<LiveConnection> {
    const address: HopAddress = { host: node, port: 22, jump: false };
    const { connection } = await this.#sshTo(
      cluster,
      address,
      cluster.user,
      (aborted) => openThrough(through, address, aborted),
      watcher,
      signal,
      {
        role: 'node',
        keepaliveMs: this.#options.keepaliveMs,
        alias: nodeKeyName(cluster, node),
        isKnown: (blob) => knownOnCluster(through, node, blob),
      },
    );
    return connection;
  }

  async #sshTo(
    cluster: Cluster,
    address: HopAddress,
    user: string,
    open: (signal: AbortSignal | undefined) => Promise<Duplex>,
    watcher: DialWatcher,
    signal: AbortSignal,
    more: HopKind,
  ): Promise<Dialed<LiveConnection>> {
    const { logger, clock } = this.#options;
    const patience = new Patience();
    // Ended with the dial, so that no question outlives the connection that it is for.
    const over = new AbortController();
    const asking = AbortSignal.any([signal, over.signal]);
    const hop = { role: more.role, host: address.host };
    const { prompts } = this.#options;
    const questions = new HopQuestions({ prompts, cluster, hop, watcher, patience, signal: asking });
    const { ask } = questions;
    const subject = `${user}@${address.host}`;
    const notice = new ApprovalNotice({
      clock,
      show: (option, shown) => questions.showApproval({ subject, option }, shown),
      onCancel: (error) => over.abort(error),
    });
    const signIn = this.#createSignIn({ cluster, address, user, watcher, ask, notice });
    try {
      const client = await link({
        address,
        user,
        open,
        hostKeys: () => this.#hostKeys(cluster, address, watcher, ask, more),
        signIn,
        patience,
        signal: asking,
        onRefused: watcher.onRefused,
      });
      const connection = new LiveConnection({
        client,
        node: address.host,
        clock,
        keepaliveMs: more.keepaliveMs,
        onRoundTrip: watcher.onRoundTrip,
        onPasswordExpired: watcher.onPasswordExpired,
        dialAgain: async (aborted) =>
          (await this.#sshTo(cluster, address, user, open, quietWatcher(watcher, 'reconnect'), aborted, more))
            .connection,
        dialHop: (node, through, aborted, reason) =>
          this.dialNode(cluster, node, through, quietWatcher(watcher, reason), aborted),
      });
      logger.debug('Signed in', { to: nameHop(address), with: signIn.how });
      return { connection, how: signIn.how };
    } finally {
      notice.end();
      over.abort(new AppError('cancelled', 'The server no longer waits for this answer.'));
    }
  }

  #createSignIn({ cluster, address, user, watcher, ask, notice }: SignInParts): SignIn {
    const { secrets, logger, usualKeys, agentSocket, onMenuReply } = this.#options;
    return new SignIn({
      user,
      address,
      methods: cluster.methods,
      keyFiles: cluster.keyFiles,
      usualKeys,
      identitiesOnly: cluster.identitiesOnly,
      agentSocket: cluster.agentSocket || agentSocket,
      menuReply: { reply: cluster.menuReply, question: cluster.menuQuestion },
      secrets: watcher.keepsNothing ? readOnlySecrets(secrets) : secrets,
      memory: watcher.memory,
      logger,
      ask,
      notice,
      isAutomatic: watcher.isAutomatic ?? false,
      onMenuReply: (remembered) => {
        if (!watcher.keepsNothing) onMenuReply?.(cluster.id, remembered);
      },
    });
  }

  #hostKeys(
    cluster: Cluster,
    address: HopAddress,
    watcher: DialWatcher,
    ask: Ask,
    { alias, hostKeyName, isKnown }: HopKind,
  ): Promise<HostKeyCheck> {
    return checkHostKeys({
      address,
      files: [...(cluster.knownHostsFile ? [cluster.knownHostsFile] : []), ...this.#options.knownHostsFiles],
      own: this.#options.appKnownHostsFile,
      compared: watcher.memory.comparedKeys,
      alias: hostKeyName?.toLowerCase() ?? alias,
      isAliasOnly: hostKeyName !== undefined,
      revokedKeysFile: cluster.revokedKeysFile,
      isKnown,
      accepted: watcher.memory.hostKeys,
      canSave: watcher.keepsNothing !== true,
      ask: async (question) => {
        const { host, port, jump } = address;
        const answer = await ask({ kind: 'host-key', host, port, jump, ...question });
        if (answer.kind !== 'host-key') {
          throw new AppError(
            'host-key-refused',
            message`The host key of ${{ hop: nameHop(address) }} was not accepted.`,
          );
        }
        return { save: answer.save };
      },
    });
  }
}

async function openThrough(through: LiveConnection, address: HopAddress, signal?: AbortSignal): Promise<Duplex> {
  const limit = limited(
    signal,
    THROUGH_S * 1000,
    () => new AppError('timeout', message`no answer in ${{ THROUGH_S }} s`),
  );
  try {
    const channel = await through.openPort(address.host, address.port, limit.signal);
    // sshd closes a channel only once both of its ends have ended, and ssh2 does not end this one by itself: a node that hangs
    // up, as PAM makes it do, would look like one that thinks about it.
    channel.once('end', () => channel.end());
    return channel;
  } catch (error) {
    const failure = AppError.from(error);
    if (failure.code === 'cancelled') throw failure;
    throw jumpError(failure, address, through.node);
  } finally {
    limit.done();
  }
}

/** The name that the host key of a compute node is kept under: node names repeat from cluster to cluster. */
export const nodeKeyName = ({ id }: Pick<Cluster, 'id'>, node: string): string =>
  `tunel-node-${id}-${node}`.toLowerCase();

/** Whether the login node's own known_hosts files have this key for that node, as its ssh would look it up. */
export async function knownOnCluster(login: LiveConnection, node: string, blob: Buffer): Promise<boolean> {
  const name = quote(node);
  const files = '"$HOME/.ssh/known_hosts" /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2';
  const { stdout } = await login.run(
    `for f in ${files}; do [ -r "$f" ] && ssh-keygen -F ${name} -f "$f" 2>/dev/null; done; exit 0`,
    { timeoutMs: 20_000 },
  );
  const wanted = `${keyTypeOf(blob)} ${blob.toString('base64')}`;
  const lines = stdout.split('\n').filter((line) => line && !line.startsWith('#'));
  if (lines.some((line) => line.startsWith('@revoked') && line.includes(wanted))) return false;
  return lines.some((line) => !line.startsWith('@') && line.split(' ').slice(1, 3).join(' ') === wanted);
}

/** `through bastion`, `through a and b`; empty without jump hosts. */
export function through(jumps: readonly Hop[]): string {
  if (jumps.length === 0) return '';
  return `, through ${jumps.map((hop) => (hop.port === 22 ? hop.host : formatAddress(hop.host, hop.port))).join(' and ')}`;
}
