import type { Cluster } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import type { Clock, Logger, Secrets } from '../../deps.ts';
import type { Ask } from '../auth/ask.ts';
import type { RememberedReply } from '../auth/prompt-policy.ts';
import { LiveConnection } from '../client/connection.ts';
import { Patience } from '../client/patience.ts';
import { nameHop } from '../dial/connect-errors.ts';
import { knownOnCluster, nodeKeyName } from '../dial/dialer.ts';
import { HopQuestions, readOnlySecrets } from '../dial/hop-questions.ts';
import { type Dialed, type DialWatcher, quietWatcher, type Transport } from '../dial/transport.ts';
import { checkHostKeys, type HostKeyCheck } from '../host-keys/host-keys.ts';
import type { Prompts } from '../types.ts';
import type { MasterHop } from './master-hops.ts';
import { linkWithOpenSsh } from './openssh-dial.ts';

interface OpenSshTransportOptions {
  prompts: Prompts;
  secrets: Secrets;
  clock: Clock;
  logger: Logger;
  knownHostsFiles: string[];
  /** The app's own known_hosts, beside which the masters' folders are. */
  appKnownHostsFile: string;
  keepaliveMs: number;
  sshConfigFiles?: readonly string[];
  sshProgram?: string;
  onMenuReply?(clusterId: string, remembered: RememberedReply): void;
}

/** What one master connects to. */
interface Target {
  cluster: Cluster;
  role: 'login' | 'node';
  /** As `OpenSshDialOptions`. */
  through?: string;
  /** The name that its host key is kept under besides its own, and who else vouches for it. */
  keys?: Pick<Parameters<typeof checkHostKeys>[0], 'alias' | 'isKnown'>;
}

/** Opens connections with the OpenSSH of this computer, which goes through the jump hosts itself. */
export class OpenSshTransport implements Transport {
  readonly #options: OpenSshTransportOptions;

  constructor(options: OpenSshTransportOptions) {
    this.#options = options;
  }

  dial(cluster: Cluster, watcher: DialWatcher, signal: AbortSignal): Promise<Dialed<LiveConnection>> {
    return this.#connect({ cluster, role: 'login' }, watcher, signal);
  }

  /** A second hop, with the same ways to sign in as the first: the node as a host of its own, reached through the master. */
  async #dialNode(
    { cluster, node, login, through }: { cluster: Cluster; node: string; login: LiveConnection; through: string },
    watcher: DialWatcher,
    signal: AbortSignal,
  ): Promise<LiveConnection> {
    const target = { ...cluster, host: node, port: 22, jumps: [], hostKeyAlias: '' };
    const keys = { alias: nodeKeyName(cluster, node), isKnown: (blob: Buffer) => knownOnCluster(login, node, blob) };
    return (await this.#connect({ cluster: target, role: 'node', through, keys }, watcher, signal)).connection;
  }

  async #connect(target: Target, watcher: DialWatcher, signal: AbortSignal): Promise<Dialed<LiveConnection>> {
    const { secrets, clock, keepaliveMs, onMenuReply, ...options } = this.#options;
    const { cluster, through } = target;
    const patience = new Patience();
    // Ended with the dial, so that no question outlives the connection that it is for.
    const over = new AbortController();
    const asking = AbortSignal.any([signal, over.signal]);
    const questions = (hop: MasterHop) => this.#questions(target, hop, watcher, patience, asking);
    try {
      const { client, ping, close, controlPath } = await linkWithOpenSsh(
        {
          ...options,
          cluster,
          keepaliveMs,
          ...(through === undefined ? {} : { through }),
          secrets: watcher.keepsNothing ? readOnlySecrets(secrets) : secrets,
          memory: watcher.memory,
          patience,
          ask: (hop) => questions(hop).ask,
          hostKeys: (hop) => this.#hostKeys(target, hop, watcher, questions(hop).ask),
          showNotice: (hop, subject, option, shown) => questions(hop).showApproval({ subject, option }, shown),
          onCancel: (error) => over.abort(error),
          onRefused: watcher.onRefused,
          isAutomatic: watcher.isAutomatic ?? false,
          onMenuReply: (remembered) => {
            if (!watcher.keepsNothing) onMenuReply?.(cluster.id, remembered);
          },
        },
        asking,
      );
      const connection = new LiveConnection({
        client,
        node: cluster.host,
        clock,
        askForAnswer: ping,
        keepaliveMs,
        onRoundTrip: watcher.onRoundTrip,
        onPasswordExpired: watcher.onPasswordExpired,
        dialAgain: async (aborted) =>
          (await this.#connect(target, quietWatcher(watcher, 'reconnect'), aborted)).connection,
        dialHop: (node, login, aborted, reason) =>
          this.#dialNode({ cluster, node, login, through: controlPath }, quietWatcher(watcher, reason), aborted),
      });
      onAbort(connection.closed, () => void close());
      return { connection, how: 'OpenSSH' };
    } finally {
      over.abort(new AppError('cancelled', 'The server no longer waits for this answer.'));
    }
  }

  #questions(
    { cluster, role }: Target,
    { jump, host }: MasterHop,
    watcher: DialWatcher,
    patience: Patience,
    signal: AbortSignal,
  ): HopQuestions {
    const { prompts } = this.#options;
    const hop = { role: jump ? ('jump' as const) : role, host };
    return new HopQuestions({ prompts, cluster, hop, watcher, patience, signal });
  }

  #hostKeys({ cluster, keys }: Target, hop: MasterHop, watcher: DialWatcher, ask: Ask): Promise<HostKeyCheck> {
    const { host, port, jump, hostKeyAlias } = hop;
    return checkHostKeys({
      address: hop,
      files: [...(cluster.knownHostsFile ? [cluster.knownHostsFile] : []), ...this.#options.knownHostsFiles],
      own: this.#options.appKnownHostsFile,
      compared: watcher.memory.comparedKeys,
      alias: keys?.alias ?? hostKeyAlias?.toLowerCase(),
      isAliasOnly: hostKeyAlias !== undefined,
      revokedKeysFile: cluster.revokedKeysFile,
      isKnown: keys?.isKnown,
      accepted: watcher.memory.hostKeys,
      canSave: watcher.keepsNothing !== true,
      ask: async (question) => {
        const answer = await ask({ kind: 'host-key', host, port, jump, ...question });
        if (answer.kind === 'host-key') return { save: answer.save };
        throw new AppError('host-key-refused', message`The host key of ${{ hop: nameHop(hop) }} was not accepted.`);
      },
    });
  }
}
