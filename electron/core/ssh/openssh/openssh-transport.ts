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
  /** Opens second hops, from a login node to its compute nodes. */
  nodes: {
    dialNode(
      cluster: Cluster,
      node: string,
      through: LiveConnection,
      watcher: DialWatcher,
      signal: AbortSignal,
    ): Promise<LiveConnection>;
  };
}

/** Opens connections with the OpenSSH of this computer, which goes through the jump hosts itself. */
export class OpenSshTransport implements Transport {
  readonly #options: OpenSshTransportOptions;

  constructor(options: OpenSshTransportOptions) {
    this.#options = options;
  }

  async dial(cluster: Cluster, watcher: DialWatcher, signal: AbortSignal): Promise<Dialed<LiveConnection>> {
    const { secrets, clock, nodes, keepaliveMs, onMenuReply, ...options } = this.#options;
    const patience = new Patience();
    // Ended with the dial, so that no question outlives the connection that it is for.
    const over = new AbortController();
    const asking = AbortSignal.any([signal, over.signal]);
    const questions = (hop: MasterHop) => this.#questions(cluster, hop, watcher, patience, asking);
    try {
      const { client, ping, close } = await linkWithOpenSsh(
        {
          ...options,
          cluster,
          keepaliveMs,
          secrets: watcher.keepsNothing ? readOnlySecrets(secrets) : secrets,
          memory: watcher.memory,
          patience,
          ask: (hop) => questions(hop).ask,
          hostKeys: (hop) => this.#hostKeys(cluster, hop, watcher, questions(hop).ask),
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
          (await this.dial(cluster, quietWatcher(watcher, 'reconnect'), aborted)).connection,
        dialHop: (node, through, aborted, reason) =>
          nodes.dialNode(cluster, node, through, quietWatcher(watcher, reason), aborted),
      });
      onAbort(connection.closed, () => void close());
      return { connection, how: 'OpenSSH' };
    } finally {
      over.abort(new AppError('cancelled', 'The server no longer waits for this answer.'));
    }
  }

  #questions(
    cluster: Cluster,
    { jump, host }: MasterHop,
    watcher: DialWatcher,
    patience: Patience,
    signal: AbortSignal,
  ): HopQuestions {
    const { prompts } = this.#options;
    const role = jump ? 'jump' : 'login';
    return new HopQuestions({ prompts, cluster, hop: { role, host }, watcher, patience, signal });
  }

  #hostKeys(cluster: Cluster, hop: MasterHop, watcher: DialWatcher, ask: Ask): Promise<HostKeyCheck> {
    const { host, port, jump, hostKeyAlias } = hop;
    return checkHostKeys({
      address: hop,
      files: [...(cluster.knownHostsFile ? [cluster.knownHostsFile] : []), ...this.#options.knownHostsFiles],
      own: this.#options.appKnownHostsFile,
      compared: watcher.memory.comparedKeys,
      alias: hostKeyAlias?.toLowerCase(),
      isAliasOnly: hostKeyAlias !== undefined,
      revokedKeysFile: cluster.revokedKeysFile,
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
