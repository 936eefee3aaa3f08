import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { AuthMethod, Hop } from '../../../shared/clusters.ts';
import { ownValue } from '../../../shared/own-value.ts';
import { type ExpansionContext, expandPath, expandTokens } from './expansion.ts';
import { parseJumpCommand } from './proxy-command.ts';

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

export function firstValue(options: SshOptions, key: string): string {
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

/** Whether a configuration says anything of a host, compared with one that no configuration names. */
export function isConfigured(options: SshOptions, usual: SshOptions): boolean {
  const namesOnly = new Set(['host', 'hostname']);
  const keys = new Set([...options.keys(), ...usual.keys()].filter((key) => !namesOnly.has(key)));
  return [...keys].some((key) => options.get(key)?.join('\n') !== usual.get(key)?.join('\n'));
}

const usualKeys = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk', 'id_xmss', 'id_dsa', 'identity'];

function namedKeyFiles(options: SshOptions): string[] {
  const files = (options.get('identityfile') ?? []).filter((file) => file !== 'none');
  return files.every((file) => usualKeys.some((name) => file === `~/.ssh/${name}`)) ? [] : files;
}

/** Every value of these options that holds a path. */
export function namedPaths(options: SshOptions): string[] {
  return [
    ...namedKeyFiles(options),
    ...knownHostsPaths(options),
    firstValue(options, 'identityagent'),
    revokedPath(options),
  ];
}

function knownHostsPaths(options: SshOptions): string[] {
  const values = `${firstValue(options, 'userknownhostsfile')} ${firstValue(options, 'globalknownhostsfile')}`;
  return values.split(/\s+/).filter(Boolean);
}

const revokedPath = (options: SshOptions) => firstValue(options, 'revokedhostkeys');

/** Values that were expanded, and a sentence for each that could not be. */
interface Expanded<T> {
  value: T;
  problems: string[];
}

function expandAll(paths: readonly string[], context: ExpansionContext): Expanded<string[]> {
  const expansions = paths.map((path) => expandPath(path, context));
  return {
    value: expansions.flatMap((expansion) => (expansion.problem === undefined ? [expansion.text] : [])),
    problems: expansions.flatMap(({ problem }) => (problem === undefined ? [] : [`Left out: ${problem}.`])),
  };
}

/** The key files that the user named; empty when ssh would use its usual ones. */
export function keyFiles(options: SshOptions, context: ExpansionContext): Expanded<string[]> {
  return expandAll(namedKeyFiles(options), context);
}

/** A known_hosts file other than ssh's own. */
export function knownHostsFile(options: SshOptions, context: ExpansionContext): Expanded<string> {
  const usual = [
    ...['known_hosts', 'known_hosts2'].map((name) => join(homedir(), '.ssh', name)),
    ...['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => `/etc/ssh/${name}`),
    '/dev/null',
  ];
  const { value, problems } = expandAll(knownHostsPaths(options), context);
  const others = value.filter((file) => !usual.includes(file));
  const more = others
    .slice(1)
    .map((file) => `Left out: only one known hosts file can be read besides the usual ones, not ${file}.`);
  return { value: others[0] ?? '', problems: [...problems, ...more] };
}

export function revokedKeysFile(options: SshOptions, context: ExpansionContext): Expanded<string> {
  const path = revokedPath(options);
  const { value, problems } = expandAll(path ? [path] : [], context);
  return { value: value[0] ?? '', problems };
}

/** The agent's socket; empty: the one of this session. */
export function agentSocket(options: SshOptions, context: ExpansionContext): Expanded<string> {
  const named = firstValue(options, 'identityagent');
  if (!named || named === 'SSH_AUTH_SOCK') return { value: '', problems: [] };
  const path = named.startsWith('$') && !named.startsWith('${') ? `\${${named.slice(1)}}` : named;
  const { value, problems } = expandAll([path], context);
  return { value: value[0] ?? '', problems };
}

const methodNames: Record<string, AuthMethod[]> = {
  publickey: ['agent', 'key'],
  'keyboard-interactive': ['interactive'],
  password: ['password'],
};

/** The order of sign-in that ssh would follow, without what is switched off there. */
export function methods(options: SshOptions): AuthMethod[] {
  const order = (firstValue(options, 'preferredauthentications') || 'publickey,keyboard-interactive,password').split(
    ',',
  );
  const off = new Set<AuthMethod>();
  if (['no', 'false'].includes(firstValue(options, 'pubkeyauthentication'))) off.add('agent').add('key');
  if (firstValue(options, 'kbdinteractiveauthentication') === 'no') off.add('interactive');
  if (firstValue(options, 'passwordauthentication') === 'no') off.add('password');
  if (options.get('identityagent')?.[0] === 'none') off.add('agent');
  const found = order.flatMap((name) => ownValue(methodNames, name) ?? []).filter((method) => !off.has(method));
  return found.length > 0 ? found : ['interactive', 'password'];
}

export const isIdentitiesOnly = (options: SshOptions): boolean => firstValue(options, 'identitiesonly') === 'yes';

/** Address, port and user of a host. */
export function hopOf(options: SshOptions, alias: string): Hop {
  const hostKeyAlias = firstValue(options, 'hostkeyalias');
  return {
    host: firstValue(options, 'hostname') || alias,
    port: Number(firstValue(options, 'port')) || 22,
    user: firstValue(options, 'user') || userInfo().username,
    ...(hostKeyAlias && { hostKeyAlias }),
  };
}

/** A host that another one is reached through, as `ssh -G` is asked for it. */
export interface JumpRequest {
  host: string;
  options: string[];
}

/** The jump hosts of a host, from ProxyJump or a ProxyCommand that only jumps; null: a ProxyCommand that does more. */
export function jumpsOf(options: SshOptions, tokens: ExpansionContext['tokens']): Expanded<JumpRequest[] | null> {
  const command = firstValue(options, 'proxycommand');
  if (command) {
    const jump = parseJumpCommand(command);
    if (!jump) return { value: null, problems: [] };
    return expandJumps([{ host: jump.host, options: jump.options }], tokens);
  }
  const names = firstValue(options, 'proxyjump').split(',').filter(Boolean);
  const jumps = names.map((name) => {
    const { user, host, port } = parseJump(name);
    return { host, options: [...(user ? ['-l', user] : []), ...(port ? ['-p', String(port)] : [])] };
  });
  return expandJumps(jumps, tokens);
}

function expandJumps(jumps: JumpRequest[], tokens: ExpansionContext['tokens']): Expanded<JumpRequest[] | null> {
  const problems: string[] = [];
  const expand = (text: string) => {
    const expansion = expandTokens(text, tokens);
    if (expansion.problem === undefined) return expansion.text;
    problems.push(`The jump host is not what ssh would use: ${expansion.problem}.`);
    return text;
  };
  return { value: jumps.map(({ host, options }) => ({ host: expand(host), options: options.map(expand) })), problems };
}
