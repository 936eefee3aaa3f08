import { createHash } from 'node:crypto';

/** What the values of ssh_config(5) are expanded with. */
export interface ExpansionContext {
  /** By letter, as TOKENS of ssh_config(5) lists them. */
  tokens: Readonly<Record<string, string>>;
  environment: Readonly<Record<string, string | undefined>>;
  /** Home directories by user name; empty name: this user's. One that is missing has no such user. */
  homes: ReadonlyMap<string, string>;
}

/** `problem`: why the value means nothing here, for the user. */
export type Expansion = { text: string; problem?: undefined } | { problem: string };

export interface TokenSources {
  /** The name that the user gives to ssh. */
  alias: string;
  host: string;
  port: string;
  user: string;
  hostKeyAlias: string;
  proxyJump: string;
  local: { home: string; user: string; uid: number; hostName: string };
}

export function tokensOf(sources: TokenSources): Record<string, string> {
  const { alias, host, port, user, proxyJump, local } = sources;
  const hash = createHash('sha1').update(`${local.hostName}${host}${port}${user}${proxyJump}`).digest('hex');
  return {
    '%': '%',
    C: hash,
    d: local.home,
    h: host,
    i: String(local.uid),
    j: proxyJump,
    k: sources.hostKeyAlias || alias,
    L: local.hostName.split('.')[0] ?? '',
    l: local.hostName,
    n: alias,
    p: port,
    r: user,
    u: local.user,
  };
}

/** The user of a path such as `~ada/keys`: empty for this user's, null for a path without a home directory. */
export function homeUser(path: string): string | null {
  return /^~([^/]*)/.exec(path)?.[1] ?? null;
}

/** `%` tokens alone, as in ProxyJump. */
export function expandTokens(text: string, tokens: ExpansionContext['tokens']): Expansion {
  let unknown = '';
  const expanded = text.replace(/%(.?)/gs, (all, letter: string) => {
    const value = tokens[letter];
    if (value === undefined) unknown ||= all;
    return value ?? all;
  });
  return unknown ? { problem: `"${text}" holds ${unknown}, which means nothing here` } : { text: expanded };
}

/** A path with its home directory, tokens and `${VARIABLES}`. */
export function expandPath(path: string, { tokens, environment, homes }: ExpansionContext): Expansion {
  const user = homeUser(path);
  const home = user === null ? undefined : homes.get(user);
  if (user !== null && home === undefined)
    return { problem: `"${path}" is in the home of ${user}, who is not known here` };
  const whole = home === undefined ? path : `${home}${path.slice((user ?? '').length + 1)}`;
  let missing = '';
  const filled = whole.replace(/\$\{([^}]*)\}/g, (_all, name: string) => {
    const value = environment[name];
    if (value === undefined) missing ||= name;
    // A value is not expanded again.
    return (value ?? '').replaceAll('%', '%%');
  });
  if (missing) return { problem: `"${path}" names the variable ${missing}, which is not set here` };
  return expandTokens(filled, tokens);
}
