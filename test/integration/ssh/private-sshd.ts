import { type ClusterInfo, onNode } from '../../helpers/clusters.ts';
import { until } from './harness.ts';

interface PrivateSshdOptions {
  /** The node of the login cluster that runs it. */
  node?: string;
  /** All ports it listens on; the first names its files. */
  ports: number[];
  /** Lines of sshd_config. */
  config: string[];
  /** Lines of a PAM service of its own. */
  pam?: string[];
}

export interface PrivateSshd {
  ports: readonly number[];
  /** What it logged so far. */
  log(): Promise<string>;
  /** How many tries to sign in it has refused so far. */
  refusals(): Promise<number>;
  /** Ends the sessions of one user. */
  killSessions(user: string): Promise<void>;
  stop(): Promise<void>;
}

/** An sshd with a policy of its own on a node that this machine reaches. */
export async function startPrivateSshd(info: ClusterInfo, options: PrivateSshdOptions): Promise<PrivateSshd> {
  const { node = 'bastion', ports, config, pam } = options;
  const name = `tunel-test-${ports[0]}`;
  const file = `/etc/ssh/${name}`;
  const logFile = `/var/log/${name}.log`;
  const pid = `/run/${name}.pid`;
  const lines = [
    ...ports.map((port) => `Port ${port}`),
    // One address family: sshd takes sixteen sockets.
    'AddressFamily inet',
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    `PidFile ${pid}`,
    'LogLevel VERBOSE',
    'UseDNS no',
    'PrintMotd no',
    'MaxStartups 100',
    'PerSourcePenalties no',
    ...(pam ? ['UsePAM yes', `PAMServiceName ${name}`] : []),
    ...config,
  ];
  await onNode(
    info,
    node,
    `[ ! -e ${pid} ] || kill "$(cat ${pid})" || true
     rm -f ${logFile}; cat >${file}; /usr/sbin/sshd -t -f ${file}`,
    { input: `${lines.join('\n')}\n` },
  );
  if (pam) await onNode(info, node, `cat >/etc/pam.d/${name}`, { input: `${pam.join('\n')}\n` });
  await onNode(info, node, `/usr/sbin/sshd -f ${file} -E ${logFile}`);
  await until('the private sshd listens', async () => {
    const { code } = await onNode(info, node, `exec 3<>/dev/tcp/127.0.0.1/${ports.at(-1)}`, { check: false });
    return code === 0;
  });
  const log = async () => (await onNode(info, node, `cat ${logFile}`)).stdout;
  return {
    ports,
    log,
    async refusals() {
      return (await log()).match(/Failed (?:password|keyboard-interactive|publickey)/g)?.length ?? 0;
    },
    async killSessions(user) {
      await until('a session is killed', async () => {
        const { code } = await onNode(info, node, `pkill -KILL -f '^sshd(-session)?: ${user}'`, { check: false });
        return code === 0;
      });
    },
    async stop() {
      await onNode(info, node, `kill "$(cat ${pid})"; rm -f ${file} ${logFile} /etc/pam.d/${name}`, { check: false });
    },
  };
}

/** A file on a node, e.g. a script that a PAM stack runs. */
export async function writeOnNode(info: ClusterInfo, path: string, text: string, mode = '755'): Promise<void> {
  await onNode(info, 'bastion', `cat >${path} && chmod ${mode} ${path}`, { input: text });
}
