import { execFile } from 'node:child_process';
import { homedir, hostname, userInfo } from 'node:os';
import type { ClusterInput, Hop } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { offerOpenSshByName } from '../openssh/offer.ts';
import { type ExpansionContext, homeUser, tokensOf } from './expansion.ts';
import {
  agentSocket,
  firstValue,
  hopOf,
  isIdentitiesOnly,
  type JumpRequest,
  jumpsOf,
  keyFiles,
  knownHostsFile,
  methods,
  namedPaths,
  revokedKeysFile,
  type SshOptions,
} from './ssh-config-policy.ts';
import { unsupportedOptions } from './unsupported-options.ts';

const MAX_JUMPS = 8;

/** `ssh -G` for a host with more options. */
export type AskSsh = (alias: string, more?: string[]) => Promise<SshOptions>;

interface Resolved {
  input: Omit<ClusterInput, 'name' | 'transport' | 'connectAtStart' | 'menuReply' | 'menuQuestion' | 'defaults'>;
  /** What could not be followed, each with what to do. */
  notes: string[];
}

interface ResolvedJumps {
  hops: Hop[];
  keyFiles: string[];
  notes: string[];
}

/** Turns what ssh says of a host and of its jump hosts into a cluster. */
export class HostResolver {
  readonly #file: string;
  readonly #ask: AskSsh;
  readonly #usual: SshOptions;

  constructor(file: string, ask: AskSsh, usual: SshOptions) {
    this.#file = file;
    this.#ask = ask;
    this.#usual = usual;
  }

  async resolve(alias: string, options: SshOptions): Promise<Resolved> {
    const context = await createContext(options, alias);
    const { hostKeyAlias = '', ...hop } = hopOf(options, alias);
    const jumps = await this.#jumps(options, context, 0);
    const keys = keyFiles(options, context);
    const knownHosts = knownHostsFile(options, context);
    const revoked = revokedKeysFile(options, context);
    const agent = agentSocket(options, context);
    return {
      input: {
        ...hop,
        hostKeyAlias,
        jumps: jumps.hops,
        methods: methods(options),
        // Every key file is tried at every hop, so that those of the jump hosts come last.
        keyFiles: [...new Set([...keys.value, ...jumps.keyFiles])],
        identitiesOnly: isIdentitiesOnly(options),
        agentSocket: agent.value,
        revokedKeysFile: revoked.value,
        knownHostsFile: knownHosts.value,
      },
      notes: [
        ...unsupportedOptions(options, this.#usual),
        ...[keys, knownHosts, revoked, agent].flatMap(({ problems }) => problems),
        ...jumps.notes,
      ],
    };
  }

  /** Only the first jump of a chain is reached by its own jumps; the others through their neighbour. */
  async #jumps(options: SshOptions, context: ExpansionContext, depth: number): Promise<ResolvedJumps> {
    if (depth >= MAX_JUMPS) {
      throw new AppError('bad-input', message`ProxyJump in ${{ file: this.#file }} goes round in circles.`);
    }
    const { value: requests, problems } = jumpsOf(options, context.tokens);
    const found: ResolvedJumps = { hops: [], keyFiles: [], notes: [...problems] };
    if (requests === null) found.notes.push(proxyCommandNote(options));
    for (const [index, request] of (requests ?? []).entries()) {
      const jump = await this.#jump(request, options, index === 0, depth);
      found.hops.push(...jump.hops);
      found.keyFiles.push(...jump.keyFiles);
      found.notes.push(...jump.notes);
    }
    return found;
  }

  async #jump(request: JumpRequest, target: SshOptions, isFirst: boolean, depth: number): Promise<ResolvedJumps> {
    const options = await this.#ask(request.host, request.options);
    const context = await createContext(options, request.host);
    const before = isFirst ? await this.#jumps(options, context, depth + 1) : { hops: [], keyFiles: [], notes: [] };
    const keys = keyFiles(options, context);
    const notes = [...unsupportedOptions(options, this.#usual), ...ownSettings(options, target), ...keys.problems];
    return {
      hops: [...before.hops, hopOf(options, request.host)],
      keyFiles: [...before.keyFiles, ...keys.value],
      notes: [...before.notes, ...notes.map((note) => `Jump host ${request.host}: ${note}`)],
    };
  }
}

/** Settings that a cluster has once for all of its hops. */
const sharedSettings = ['IdentityAgent', 'IdentitiesOnly', 'UserKnownHostsFile', 'RevokedHostKeys'];

/** Settings of a jump host that differ from those of the host behind it. */
function ownSettings(jump: SshOptions, target: SshOptions): string[] {
  return sharedSettings
    .filter((name) => firstValue(jump, name.toLowerCase()) !== firstValue(target, name.toLowerCase()))
    .map((name) => `${name} is not followed there: what the cluster itself has is used.`);
}

function proxyCommandNote(options: SshOptions): string {
  const command = firstValue(options, 'proxycommand').slice(0, 200);
  return `ProxyCommand is not followed: ${command}. If it only runs ssh to another host, add that host as a jump host.${offerOpenSshByName()}`;
}

async function createContext(options: SshOptions, alias: string): Promise<ExpansionContext> {
  const { host, port, user, hostKeyAlias = '' } = hopOf(options, alias);
  const { username, uid } = userInfo();
  const tokens = tokensOf({
    alias,
    host,
    port: String(port),
    user,
    hostKeyAlias,
    proxyJump: firstValue(options, 'proxyjump'),
    local: { home: homedir(), user: username, uid, hostName: hostname() },
  });
  const homes = new Map([['', homedir()]]);
  const users = new Set(namedPaths(options).map(homeUser));
  for (const name of users) {
    const home = name ? await homeOf(name) : null;
    if (name && home) homes.set(name, home);
  }
  return { tokens, environment: process.env, homes };
}

/** The home directory of another user of this machine, by the shell's own expansion; null: no such user. */
function homeOf(user: string): Promise<string | null> {
  if (!/^[A-Za-z_][A-Za-z0-9._-]*$/.test(user)) return Promise.resolve(null);
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', `printf %s ~${user}`], (error, home) => {
      resolve(error || !home.startsWith('/') ? null : home);
    });
  });
}
