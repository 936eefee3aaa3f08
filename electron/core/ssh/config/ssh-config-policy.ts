import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { AuthMethod, Hop } from '../../../shared/clusters.ts';

/** What `ssh -G` printed: lower-case keywords, each with its values in order. */
export type SshOptions = ReadonlyMap<string, string[]>;

export function parseSshG(text: string): SshOptions {
  const options = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 1) continue;
    const key = line.slice(0, space).toLowerCase();
    options.set(key, [...(options.get(key) ?? []), line.slice(space + 1).trim()]);
  }
  return options;
}

function first(options: SshOptions, key: string): string {
  const value = options.get(key)?.[0] ?? '';
  return value === 'none' ? '' : value;
}

/** Names after `Host` that are names: no globs, no negation. */
export function hostAliases(patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !/[*?!]/.test(pattern) && !pattern.startsWith('-'));
}

/** One line of ssh_config: keyword (lower case) and arguments; null for a comment or an empty line. */
export function parseLine(line: string): { keyword: string; values: string[] } | null {
  const match = /^([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.+)$/s.exec(line.trim());
  if (!match?.[1] || !match[2]) return null;
  const values = [...match[2].matchAll(/"([^"]*)"|(\S+)/g)].map((value) => value[1] ?? value[2] ?? '');
  const comment = values.findIndex((value) => value.startsWith('#'));
  return { keyword: match[1].toLowerCase(), values: comment < 0 ? values : values.slice(0, comment) };
}

/** `user@host:port`, `ssh://user@[::1]:22`; missing parts are undefined. */
export function parseJump(text: string): { user?: string; host: string; port?: number } {
  const match = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:]+|[^:]*:[^:]*:.*))(?::(\d+))?\/?$/.exec(text.trim());
  const host = match?.[2] ?? match?.[3] ?? text;
  return { user: match?.[1], host, port: match?.[4] ? Number(match[4]) : undefined };
}

const usualKeys = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk', 'id_xmss', 'id_dsa', 'identity'];

/** The key files that the user named; empty when ssh would use its usual ones. Tokens as in ssh_config(5) are filled in. */
export function keyFiles(options: SshOptions, alias: string): string[] {
  const files = (options.get('identityfile') ?? []).filter((file) => file !== 'none');
  if (files.every((file) => usualKeys.some((name) => file === `~/.ssh/${name}`))) return [];
  return files.map((file) => expandPath(file, options, alias));
}

function expandPath(path: string, options: SshOptions, alias: string): string {
  const tokens: Record<string, string> = {
    '%': '%',
    d: homedir(),
    h: first(options, 'hostname'),
    n: alias,
    p: first(options, 'port'),
    r: first(options, 'user'),
    u: userInfo().username,
  };
  const filled = path.replace(/%([%dhnpru])/g, (_all, letter: string) => tokens[letter] ?? '');
  return filled.startsWith('~/') ? join(homedir(), filled.slice(2)) : filled;
}

/** A known_hosts file other than ssh's own. */
export function knownHostsFile(options: SshOptions, alias: string): string {
  const usual = [join(homedir(), '.ssh', 'known_hosts'), join(homedir(), '.ssh', 'known_hosts2')];
  const files = first(options, 'userknownhostsfile').split(/\s+/).filter(Boolean);
  const other = files.map((file) => expandPath(file, options, alias)).find((file) => !usual.includes(file));
  return other && other !== '/dev/null' ? other : '';
}

const methodNames: Record<string, AuthMethod[]> = {
  publickey: ['agent', 'key'],
  'keyboard-interactive': ['interactive'],
  password: ['password'],
};

/** The order of sign-in that ssh would follow, without what is switched off there. */
export function methods(options: SshOptions): AuthMethod[] {
  const order = (first(options, 'preferredauthentications') || 'publickey,keyboard-interactive,password').split(',');
  const off = new Set<AuthMethod>();
  if (first(options, 'pubkeyauthentication') === 'no' || first(options, 'pubkeyauthentication') === 'false') {
    off.add('agent').add('key');
  }
  if (first(options, 'kbdinteractiveauthentication') === 'no') off.add('interactive');
  if (first(options, 'passwordauthentication') === 'no') off.add('password');
  if (options.get('identityagent')?.[0] === 'none') off.add('agent');
  const found = order.flatMap((name) => methodNames[name] ?? []).filter((method) => !off.has(method));
  // With IdentitiesOnly the agent's other keys are not offered: the named files go first.
  if (first(options, 'identitiesonly') === 'yes' && found.includes('key')) {
    return ['key', ...found.filter((method) => method !== 'key')];
  }
  return found.length > 0 ? found : ['interactive', 'password'];
}

/** Options of this host that the app cannot follow, each with what to do. `usual`: what ssh says of a host it does not know. */
export function unsupported(options: SshOptions, usual: SshOptions): string[] {
  const notes: string[] = [];
  const differs = (key: string) => first(options, key) !== first(usual, key);
  const on = (key: string) => first(options, key) === 'yes' && differs(key);
  if (first(options, 'proxycommand')) {
    notes.push('ProxyCommand is not followed. If it only runs ssh to another host, add that host as a jump host.');
  }
  if (first(options, 'certificatefile')) {
    notes.push('SSH certificates (CertificateFile) cannot be shown. Use a plain key or a password.');
  }
  if (on('gssapiauthentication')) {
    notes.push('Kerberos sign-in (GSSAPIAuthentication) is not available. Use a key or a password.');
  }
  const securityKey =
    (options.get('identityfile') ?? []).some((file) => /_sk$/.test(file)) && keyFiles(options, '').length > 0;
  if (securityKey || differs('securitykeyprovider')) {
    notes.push('Keys on a security key (FIDO) cannot be used. Use another key or a password.');
  }
  if (first(options, 'pkcs11provider')) {
    notes.push('Keys on a smart card (PKCS11Provider) cannot be read. Add the card to your SSH agent instead.');
  }
  if (on('hostbasedauthentication')) notes.push('Host-based sign-in is not available. Use a key or a password.');
  if (first(options, 'hostkeyalias')) {
    notes.push('HostKeyAlias is not followed: the host key is looked up under the host name.');
  }
  const agent = first(options, 'identityagent');
  if (agent && agent !== 'SSH_AUTH_SOCK' && differs('identityagent')) {
    notes.push('IdentityAgent is not followed: the agent in SSH_AUTH_SOCK is used.');
  }
  return notes;
}

interface HostPart {
  hop: Hop;
  jumps: string[];
}

/** Address, port and user of a host, and the names of its jump hosts. */
export function hostPart(options: SshOptions, alias: string): HostPart {
  const jump = first(options, 'proxyjump');
  return {
    hop: {
      host: first(options, 'hostname') || alias,
      port: Number(first(options, 'port')) || 22,
      user: first(options, 'user') || userInfo().username,
    },
    jumps: jump ? jump.split(',').map((name) => name.trim()) : [],
  };
}
