import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Cluster } from '../../../shared/clusters.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { Logger, Secrets } from '../../deps.ts';
import type { Ask } from '../auth/ask.ts';
import type { RememberedReply } from '../auth/prompt-policy.ts';
import type { SessionMemory } from '../auth/session-memory.ts';
import type { Patience } from '../client/patience.ts';
import type { HostKeyCheck } from '../host-keys/host-keys.ts';
import { AskpassAnswers } from './askpass-answers.ts';
import { Master, noOpenSshHere } from './master.ts';
import { masterArguments, masterConfig } from './master-arguments.ts';
import { connectToMaster, type MasterClient } from './master-client.ts';
import { lastLine } from './master-errors.ts';
import { createMasterFolder } from './master-folder.ts';
import type { MasterHop } from './master-hops.ts';
import { MasterSignIn } from './sign-in.ts';

export interface OpenSshDialOptions {
  cluster: Cluster;
  secrets: Secrets;
  memory: SessionMemory;
  logger: Logger;
  patience: Patience;
  /** The app's own known_hosts, beside which the masters' folders are. */
  appKnownHostsFile: string;
  /** Default: ~/.ssh/config and the system's. */
  sshConfigFiles?: readonly string[];
  /** Default: the one of the search path. */
  sshProgram?: string;
  keepaliveMs: number;
  ask(hop: MasterHop): Ask;
  hostKeys(hop: MasterHop): Promise<HostKeyCheck>;
  showNotice(hop: MasterHop, subject: string, text: string, signal: AbortSignal): Promise<void>;
  onCancel(error: AppError): void;
  onRefused?(): void;
  onMenuReply?(remembered: RememberedReply): void;
  /** As `DialWatcher.isAutomatic`. */
  isAutomatic: boolean;
}

/** A signed-in master and a client over it; who closes the client closes the master. */
interface OpenSshLink extends MasterClient {
  close(): Promise<void>;
}

/** Signs in with the system's OpenSSH. Rejects with what the user, the server or ssh ended it with. */
export async function linkWithOpenSsh(options: OpenSshDialOptions, signal: AbortSignal): Promise<OpenSshLink> {
  const { cluster, appKnownHostsFile, sshProgram = 'ssh', sshConfigFiles = usualConfigFiles() } = options;
  if (process.platform === 'win32') throw noOpenSshHere(cluster.name);
  const { host, port, user, hostKeyAlias } = cluster;
  const login = await options.hostKeys({ host, port, user, jump: false, hostKeyAlias: hostKeyAlias || undefined });
  const folder = await createMasterFolder(join(dirname(appKnownHostsFile), 'ssh'));
  const master = await Master.start({
    folder,
    program: sshProgram,
    arguments: masterArguments(cluster, folder),
    config: masterConfig(cluster, folder, {
      userFiles: sshConfigFiles,
      keepaliveS: Math.max(1, Math.round(options.keepaliveMs / 1000)),
      hasHostAuthorities: login.known.some(({ marker }) => marker === '@cert-authority'),
    }),
  });
  try {
    const { hostKeys, patience, onRefused } = options;
    const answers = new AskpassAnswers(options);
    await new MasterSignIn({ master, cluster, answers, hostKeys, patience, onRefused }).run(signal);
    const link = await connectToMaster(folder.controlPath, signal);
    link.client.on('close', () => {
      const why = lastLine(master.said);
      if (why) link.client.emit('error', new Error(why));
      void master.close();
    });
    return { ...link, close: () => master.close() };
  } catch (error) {
    await master.close();
    throw error;
  }
}

/** `-F` takes the place of both. */
const usualConfigFiles = (): string[] => [join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config'];
