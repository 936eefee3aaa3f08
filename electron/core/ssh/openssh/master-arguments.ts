import type { AuthMethod, Cluster } from '../../../shared/clusters.ts';
import { quote } from '../../../shared/shell-quote.ts';
import { MISSES } from '../client/keepalive-policy.ts';

interface MasterFiles {
  controlPath: string;
  askProgram: string;
  configFile: string;
}

const CONNECT_S = 15;

type MasterCluster = Pick<
  Cluster,
  'host' | 'port' | 'user' | 'jumps' | 'methods' | 'keyFiles' | 'identitiesOnly' | 'agentSocket' | 'revokedKeysFile'
>;

/** What ssh is called with. Only what is the last hop's alone: ssh gives its jump hosts the configuration file. */
export function masterArguments(cluster: MasterCluster, files: MasterFiles): string[] {
  const jumps = cluster.jumps.map(({ user, host, port }) => `${user}@${bracketed(host)}:${port}`).join(',');
  return [
    '-M',
    '-N',
    '-T',
    ...['-S', percentEscaped(files.controlPath)],
    ...['-F', files.configFile],
    ...['-o', 'PermitLocalCommand=yes'],
    ...['-o', `LocalCommand=/bin/sh ${percentEscaped(quote(files.askProgram))} ready now`],
    // A host of ~/.ssh/config may have a port of its own.
    ...(cluster.port === 22 ? [] : ['-p', String(cluster.port)]),
    ...(jumps ? ['-J', jumps] : []),
    ...['-l', cluster.user],
    ...['--', cluster.host],
  ];
}

/**
 * The configuration of the master and of its jump hosts: the first value of an option counts, so that ours stand before the
 * user's own files. Host keys are judged by the app alone, which ssh asks for those of each host.
 */
export function masterConfig(
  cluster: MasterCluster,
  files: MasterFiles,
  options: {
    userFiles: readonly string[];
    keepaliveS: number;
    hasHostAuthorities: boolean;
    proxyCommand: string | null;
    /** Nobody asked for this sign-in: one refusal is enough. */
    isAutomatic: boolean;
    /** The files of the only keys to offer; null: as usual. */
    acceptedKeys: readonly string[] | null;
  },
): string {
  const { methods, agentSocket } = cluster;
  const { acceptedKeys } = options;
  const keyFiles = acceptedKeys ?? cluster.keyFiles;
  const isKeyUsed = methods.includes('agent') || methods.includes('key');
  const ask = quoted(percentEscaped(files.askProgram));
  const isAgentUsed = methods.includes('agent');
  const lines = [
    'Host *',
    ...(options.proxyCommand === null ? [] : [`ProxyCommand ${options.proxyCommand}`]),
    ...hostKeyLines(cluster, ask, options.hasHostAuthorities),
    'BatchMode no',
    `NumberOfPasswordPrompts ${options.isAutomatic ? 1 : 3}`,
    `ConnectTimeout ${CONNECT_S}`,
    `ServerAliveInterval ${options.keepaliveS}`,
    `ServerAliveCountMax ${MISSES}`,
    'ControlMaster no',
    'ControlPath none',
    'ControlPersist no',
    'ClearAllForwardings yes',
    'ForwardAgent no',
    'ForwardX11 no',
    'AddKeysToAgent no',
    'RemoteCommand none',
    'RequestTTY no',
    // Which keys a server accepts is known at no lower level.
    'LogLevel DEBUG1',
    'GSSAPIAuthentication yes',
    `PreferredAuthentications ${preferred(methods).join(',')}`,
    `PubkeyAuthentication ${isKeyUsed && acceptedKeys?.length !== 0 ? 'yes' : 'no'}`,
    ...(isAgentUsed ? [] : ['IdentityAgent none']),
    ...(isAgentUsed && agentSocket ? [`IdentityAgent ${quoted(percentEscaped(agentSocket))}`] : []),
    ...(cluster.identitiesOnly || acceptedKeys ? ['IdentitiesOnly yes'] : []),
    ...keyFiles.map((file) => `IdentityFile ${quoted(percentEscaped(file))}`),
    ...options.userFiles.map((file) => `Include ${quoted(file)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Host keys are judged by the app alone; certificates, and who signed them, by ssh. */
const hostKeyLines = (
  { revokedKeysFile }: Pick<Cluster, 'revokedKeysFile'>,
  ask: string,
  hasHostAuthorities: boolean,
): string[] => [
  `KnownHostsCommand /bin/sh ${ask} host-key %I %H %t %K`,
  'UserKnownHostsFile /dev/null',
  'GlobalKnownHostsFile /dev/null',
  'StrictHostKeyChecking yes',
  'CheckHostIP no',
  'VerifyHostKeyDNS no',
  'UpdateHostKeys no',
  'NoHostAuthenticationForLocalhost no',
  ...(revokedKeysFile ? [`RevokedHostKeys ${quoted(percentEscaped(revokedKeysFile))}`] : []),
  ...(hasHostAuthorities ? [] : ['HostKeyAlgorithms -*-cert-v01@openssh.com']),
];

/** Goes through another master. Without that it must not connect by itself, where its host might be looked for elsewhere. */
export function masterProxyCommand(program: string, controlPath: string): string {
  // Its own ssh replaces tokens in the path once more.
  const path = percentEscaped(percentEscaped(controlPath));
  const options = ['-F', 'none', '-o', 'ProxyCommand=false', '-o', 'BatchMode=yes', '-S', path];
  return [percentEscaped(program), ...options, '-W', '[%h]:%p', '--', 'master'].map(quote).join(' ');
}

/** ssh's names of the methods, in the user's order behind those that ask nothing. */
function preferred(methods: readonly AuthMethod[]): string[] {
  const names: Record<AuthMethod, string> = {
    agent: 'publickey',
    key: 'publickey',
    interactive: 'keyboard-interactive',
    password: 'password',
  };
  return [...new Set(['gssapi-with-mic', 'hostbased', ...methods.map((method) => names[method])])];
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const percentEscaped = (text: string): string => text.replaceAll('%', '%%');

/** One argument of a line of ssh_config. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
