import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Logger, Secrets } from '../../deps.ts';
import type { Ask } from '../auth/ask.ts';
import type { RememberedReply } from '../auth/prompt-policy.ts';
import { passwordAccount, type SessionMemory } from '../auth/session-memory.ts';
import type { Patience } from '../client/patience.ts';
import type { HostKeyCheck } from '../host-keys/host-keys.ts';
import { AskpassAnswers } from './askpass-answers.ts';
import { Master, noOpenSshHere } from './master.ts';
import { masterArguments, masterConfig, masterProxyCommand } from './master-arguments.ts';
import { connectToMaster, type MasterClient } from './master-client.ts';
import { lastLine, masterFailure } from './master-errors.ts';
import { createMasterFolder } from './master-folder.ts';
import type { MasterHop } from './master-hops.ts';
import { MasterSignIn } from './sign-in.ts';

/** From the end of a master's socket to that of the master. */
const ENDING_MS = 1000;

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
  /** The control path of the master that carries this connection; absent: ssh finds its way by itself. */
  through?: string;
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
  /** Of the master, for hops that go through it. */
  controlPath: string;
  close(): Promise<void>;
}

/** Signs in with the system's OpenSSH. Rejects with what the user, the server or ssh ended it with. */
export async function linkWithOpenSsh(options: OpenSshDialOptions, signal: AbortSignal): Promise<OpenSshLink> {
  const { cluster, appKnownHostsFile, through, sshProgram = 'ssh', sshConfigFiles = usualConfigFiles() } = options;
  if (process.platform === 'win32') throw noOpenSshHere(cluster.name);
  const { host, port, user, hostKeyAlias } = cluster;
  const login = await options.hostKeys({ host, port, user, jump: false, hostKeyAlias: hostKeyAlias || undefined });
  const account = passwordAccount(user, host, port);
  const folder = await createMasterFolder(join(dirname(appKnownHostsFile), 'ssh'));
  const master = await Master.start({
    folder,
    program: sshProgram,
    arguments: masterArguments(cluster, folder),
    config: masterConfig(cluster, folder, {
      userFiles: sshConfigFiles,
      isAutomatic: options.isAutomatic,
      acceptedKeys: options.isAutomatic ? selectableKeys(options.memory.acceptedKeyFiles.get(account)) : null,
      proxyCommand: through === undefined ? null : masterProxyCommand(sshProgram, through),
      keepaliveS: Math.max(1, Math.round(options.keepaliveMs / 1000)),
      hasHostAuthorities: login.known.some(({ marker }) => marker === '@cert-authority'),
    }),
  });
  try {
    const { hostKeys, patience, onRefused } = options;
    const answers = new AskpassAnswers(options);
    await new MasterSignIn({ master, cluster, answers, hostKeys, patience, onRefused }).run(signal);
    options.memory.acceptedKeyFiles.set(account, [...master.acceptedKeys]);
    // A banner, and all else of the sign-in, is no reason of a later loss.
    master.takeSaid();
    const link = await connectToMaster(folder.controlPath, signal);
    link.client.on('close', () => {
      const why = lastLine(master.takeSaid());
      if (why) link.client.emit('error', new Error(why));
      void master.close();
    });
    return { ...link, controlPath: folder.controlPath, close: () => master.close() };
  } catch (error) {
    const failure = AppError.from(error);
    const end = failure.code === 'command-failed' ? await endOf(master) : null;
    await master.close();
    throw end === null ? failure : masterFailure({ ...end, host, wasReached: true });
  }
}

/** null: one of them is no file, so that ssh has to offer what it has. */
function selectableKeys(files: readonly string[] | undefined): readonly string[] | null {
  return files?.every((file) => file !== '' && existsSync(file)) ? files : null;
}

/** How a master ended by itself, whose socket may close a moment before; null: it runs. */
async function endOf(master: Master): Promise<{ code: number | null; said: string } | null> {
  const ended = master.ended.then((code) => ({ code, said: master.said }));
  return Promise.race([ended, delay(ENDING_MS, null, { ref: false })]);
}

/** `-F` takes the place of both. */
const usualConfigFiles = (): string[] => [join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config'];
