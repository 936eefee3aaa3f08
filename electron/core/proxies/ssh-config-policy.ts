import type { Cluster } from '../../shared/clusters.ts';
import { isOver } from '../../shared/instance-policy.ts';
import type { Instance } from '../../shared/instances.ts';
import { clusterHostName, instanceHostName, SSH_HOST_PREFIX } from '../../shared/ssh-host-names.ts';
import type { SshHost } from '../../shared/ssh-hosts.ts';

/** By this a line of the user's configuration is known to be ours. */
const MARKER = '# added by Tunel; "tunel ssh-config remove" removes it';

/** A word of ssh_config(5). */
const quoted = (word: string): string => `"${word}"`;
/** A word of a command that ssh gives to the user's shell after it has replaced its tokens. */
const commandWord = (word: string): string => {
  const literal = word.replaceAll('%', '%%');
  return process.platform === 'win32' ? `"${literal}"` : `'${literal.replaceAll("'", `'\\''`)}'`;
};

/** The clusters and the apps that run on one of them. */
export function listSshHosts(
  clusters: readonly Pick<Cluster, 'id' | 'name' | 'user'>[],
  instances: readonly Pick<Instance, 'id' | 'title' | 'clusterId' | 'state'>[],
): SshHost[] {
  const own = clusters.map((cluster) => {
    const { name: title, user } = cluster;
    return { name: clusterHostName(cluster, clusters), user, title };
  });
  const running = instances.flatMap((app) => {
    const cluster = clusters.find(({ id }) => id === app.clusterId);
    if (!cluster || isOver(app.state)) return [];
    return [{ name: instanceHostName(app), user: cluster.user, title: `${app.title} on ${cluster.name}` }];
  });
  return [...own, ...running];
}

interface ConfigInput {
  hosts: readonly SshHost[];
  /** The program and arguments of `tunel`. */
  command: readonly string[];
  data: string;
  identityFile: string;
  knownHostsFile: string;
}

/** Names and users for each host, and for all of them how they are reached. */
export function writeSshConfig({ hosts, command, data, identityFile, knownHostsFile }: ConfigInput): string {
  const proxy = [...command, 'proxy', '--data-directory', data].map(commandWord).join(' ');
  const escaped = (path: string) => quoted(path.replaceAll('%', '%%'));
  return [
    '# Written by Tunel whenever clusters or running apps change.',
    ...hosts.flatMap(({ name, user }) => [`Host ${name}`, `  User ${user}`]),
    // ssh before 9.6 puts any name into the command, also one from a link or a submodule (CVE-2023-51385).
    `Host ${SSH_HOST_PREFIX}* "!*'*"`,
    `  ProxyCommand ${proxy} --host '%n'`,
    `  IdentityFile ${escaped(identityFile)}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${escaped(knownHostsFile)}`,
    '  UpdateHostKeys no',
    '',
  ].join('\n');
}

/** The line for the top of ~/.ssh/config, where nothing before it can restrict it to some hosts. */
export const includeLine = (file: string): string => `Include ${quoted(file)}`;

const isOurs = (line: string, next: string | undefined, file: string) =>
  line.trim() === MARKER && next?.trim() === includeLine(file);

export function hasInclude(config: string, file: string): boolean {
  const lines = config.split('\n');
  return lines.some((line, index) => isOurs(line, lines[index + 1], file));
}

export const addInclude = (config: string, file: string): string =>
  hasInclude(config, file) ? config : `${MARKER}\n${includeLine(file)}\n${config}`;

/** Everything else stays as it is, byte for byte. */
export function removeInclude(config: string, file: string): string {
  const lines = config.split('\n');
  return lines
    .filter((line, index) => !isOurs(line, lines[index + 1], file) && !isOurs(lines[index - 1] ?? '', line, file))
    .join('\n');
}
