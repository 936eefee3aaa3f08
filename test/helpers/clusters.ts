import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type ClusterName, type ClusterUse, holdClusters } from './cluster-locks.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../clusters/clusters.sh', import.meta.url));

const hostSchema = z.object({ address: z.string(), port: z.number(), pid: z.number() });
const userSchema = z.object({ uid: z.number(), password: z.string() });

const clusterSchema = z.object({
  name: z.string(),
  /** The node users log in to. */
  entry: z.string(),
  /** Folder of all files below; `home/` in it is the cluster's /home seen from here. */
  shared: z.string(),
  /** The network device that connects this machine to the cluster. */
  link: z.string(),
  ssh_config: z.string(),
  known_hosts: z.string(),
  /** Private key files by name; `ada-enc` has the passphrase "opensesame". */
  keys: z.record(z.string(), z.string()),
  /** Nodes; `pid` is the node's pid 1 as this machine sees it. */
  hosts: z.record(z.string(), hostSchema),
  users: z.record(z.string(), userSchema),
  /** Base32, for the ports that ask for a one-time code. */
  totpSecret: z.string(),
});

export type ClusterInfo = z.infer<typeof clusterSchema>;
export type { ClusterName } from './cluster-locks.ts';

export interface CommandResult {
  stdout: string;
  stderr: string;
  code: number;
}

export interface RunOptions {
  /** Text for standard input; without it standard input is empty. */
  input?: string;
  /** Default true: a non-zero exit throws, with the command's own words. */
  check?: boolean;
  signal?: AbortSignal;
}

/**
 * Starts a cluster unless it is up (then about 0.1 s), and keeps it for this test file (see holdClusters).
 * Needs root and Linux; throws with the script's own message if not.
 */
export async function upCluster(name: ClusterName, use?: ClusterUse): Promise<ClusterInfo> {
  await holdClusters([name], use);
  await runCommand('bash', [script, 'up', name]);
  return clusterInfo(name);
}

/** Reads a running cluster's description. */
export async function clusterInfo(name: ClusterName): Promise<ClusterInfo> {
  const { stdout } = await runCommand('bash', [script, 'info', name]);
  return clusterSchema.parse(JSON.parse(await readFile(stdout.trim(), 'utf8')));
}

/** Runs a program to its end. Throws on a non-zero exit unless `check` is false. */
export function runCommand(file: string, args: string[], options: RunOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], signal: options.signal });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status, killedBy) => {
      const code = status ?? -1;
      if (code !== 0 && options.check !== false) {
        const how = killedBy ? `was killed by ${killedBy}` : `exited with ${code}`;
        reject(new Error(`${file} ${args.join(' ')} ${how}: ${stderr.trim() || stdout.trim()}`));
      } else {
        resolve({ stdout, stderr, code });
      }
    });
    // A program may end without reading its input; its exit code tells the rest.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** The system ssh client with the cluster's own configuration; `args` begin with options or the host. */
export function ssh(cluster: ClusterInfo, args: string[], options?: RunOptions): Promise<CommandResult> {
  return runCommand('ssh', ['-F', cluster.ssh_config, '-o', 'BatchMode=yes', ...args], options);
}

/**
 * Runs a command inside a node, past sshd: for what a test must look at or break.
 * A string is a bash script, an array is one command. Root unless `user` is given, whose home is then the directory.
 */
export function onNode(
  cluster: ClusterInfo,
  node: string,
  command: string | string[],
  options: RunOptions & { user?: string } = {},
): Promise<CommandResult> {
  const user = options.user ?? 'root';
  const home = user === 'root' ? '/root' : `/home/${user}`;
  const argv = typeof command === 'string' ? ['bash', '-c', command] : command;
  return runCommand(
    'nsenter',
    [
      `--target=${hostOf(cluster, node).pid}`,
      ...['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--'],
      ...['env', '-i', `--chdir=${home}`, `HOME=${home}`, `USER=${user}`, `LOGNAME=${user}`, 'SHELL=/bin/bash'],
      ...['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8'],
      ...(user === 'root' ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups']),
      ...argv,
    ],
    options,
  );
}

/** `onNode` as a person of the cluster: `asUser('ben', slurm, 'slogin', 'squeue')`. */
export function asUser(
  user: string,
  cluster: ClusterInfo,
  node: string,
  command: string | string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  return onNode(cluster, node, command, { ...options, user });
}

/** Runs a command as another, unprivileged user of this machine (`nobody`), who may read only what everybody may. */
export function asLocalOtherUser(argv: string[], options?: RunOptions): Promise<CommandResult> {
  return runCommand(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', 'env', '--chdir=/', 'HOME=/nonexistent', ...argv],
    options,
  );
}

/** Pulls the cable between this machine and the cluster: packets vanish, nothing is closed. */
export async function cutNetwork(cluster: ClusterInfo): Promise<void> {
  await run('ip', ['link', 'set', cluster.link, 'down']);
}

/** Plugs the cable in again. */
export async function restoreNetwork(cluster: ClusterInfo): Promise<void> {
  await run('ip', ['link', 'set', cluster.link, 'up']);
}

/** Kills a user's ssh sessions on a node, as an idle killer or a restart does. Returns how many there were. */
export async function killSessions(cluster: ClusterInfo, node: string, user = 'ada'): Promise<number> {
  // OpenSSH 9.8 renamed the process of a session from "sshd" to "sshd-session".
  const pattern = `^sshd(-session)?: ${user}(@|$)`;
  const { stdout } = await onNode(cluster, node, ['pgrep', '-f', pattern], { check: false });
  const pids = stdout.split('\n').filter(Boolean);
  // One that ended meanwhile makes `kill` fail, and is what was wanted.
  if (pids.length > 0) await onNode(cluster, node, ['kill', '-KILL', ...pids], { check: false });
  return pids.length;
}

/** Gives a node's sshds a new host key; the returned function puts the old one back. Open connections live on. */
export async function changeHostKey(cluster: ClusterInfo, node: string): Promise<() => Promise<void>> {
  await onNode(
    cluster,
    node,
    `rm -f /run/new_key /run/new_key.pub
     ssh-keygen -q -t ed25519 -N '' -C changed -f /run/new_key
     ${installHostKey('/run/new_key')}`,
  );
  return async () => {
    await onNode(cluster, node, installHostKey('/etc/node/host_key'));
  };
}

/** Installs a key, makes every sshd read it, and waits until port 22 shows it. */
function installHostKey(file: string): string {
  return `set -e
    install -m 600 ${file} /etc/ssh/ssh_host_ed25519_key
    cat /run/sshd/*.pid | xargs kill -HUP
    for attempt in $(seq 100); do
      ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null | grep -qF "$(cut -d' ' -f2 ${file}.pub)" && exit 0
      sleep 0.1
    done
    echo 'sshd does not show the key in ${file}' >&2
    exit 1`;
}

/** The six digits that the `login` cluster's ports 2204-2206 expect at `now` (milliseconds). Each is accepted once. */
export function oneTimeCode(cluster: ClusterInfo, now = Date.now()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac('sha1', decodeBase32(cluster.totpSecret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Makes the `login` node forget which one-time codes were used, so that a test need not wait for the next. */
export async function resetOneTimeCodes(cluster: ClusterInfo): Promise<void> {
  await onNode(cluster, 'login', ['sh', '/etc/node/reset-codes.sh']);
}

function decodeBase32(text: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

function hostOf(cluster: ClusterInfo, node: string): ClusterInfo['hosts'][string] {
  const host = cluster.hosts[node];
  if (!host) throw new Error(`cluster ${cluster.name} has no node ${node}: ${Object.keys(cluster.hosts).join(', ')}`);
  return host;
}
