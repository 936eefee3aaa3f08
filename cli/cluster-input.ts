import { type ClusterInput, clusterInputSchema, type Hop, transportNames } from '../electron/shared/clusters.ts';
import { launcherNames, runtimeNames } from '../electron/shared/kinds.ts';
import { message } from '../electron/shared/messages.ts';
import { readChoice, readPort } from './option-values.ts';
import { UsageError } from './usage-error.ts';

/** What the options of `declareClusterOptions` hold. */
export interface ClusterOptions {
  jump?: string;
  key?: string[];
  knownHosts?: string;
  transport?: string;
  connectAtStart?: boolean;
  launcher?: string;
  runtime?: string;
  queue?: string;
  account?: string;
  workDirectory?: string;
  module?: string[];
}

/** `[user@]host[:port]`, as ssh's -J takes it. */
export function parseHop(text: string): Hop {
  const found = /^(?:(.+)@)?(\[[^\]]+\]|[^:@]+)(?::(\d+))?$/.exec(text);
  if (!found?.[2])
    throw new UsageError(message`“${{ text }}” is no address.`, {
      hint: 'Write user@host or user@host:port.',
    });
  return {
    user: found[1] ?? process.env.USER ?? '',
    host: found[2].replace(/^\[|\]$/g, ''),
    port: readPort('An address', found[3] ?? '22', 1),
  };
}

/** What was saved before, with what the command line gives. @throws UsageError naming each value that cannot be */
export function readCluster(
  before: Partial<ClusterInput>,
  { name, address }: { name?: string; address?: string },
  options: ClusterOptions,
): ClusterInput {
  const { jump, key, knownHosts, transport, connectAtStart } = options;
  const input = clusterInputSchema.safeParse({
    ...before,
    ...(name !== undefined && { name }),
    ...(address !== undefined && parseHop(address)),
    ...(jump !== undefined && { jumps: jump === '' ? [] : jump.split(',').map(parseHop) }),
    ...(key !== undefined && { keyFiles: key }),
    ...(knownHosts !== undefined && { knownHostsFile: knownHosts }),
    ...(transport !== undefined && { transport: readChoice('--transport', transport, transportNames) }),
    ...(connectAtStart !== undefined && { connectAtStart }),
    defaults: { ...before.defaults, ...readDefaults(options) },
  });
  if (input.success) return input.data;
  const problems = input.error.issues.map(({ path, message: text }) => `${path.join('.')}: ${text}`).join(' ');
  throw new UsageError(message`${{ problems }}`, { hint: 'See: tunel clusters add --help' });
}

function readDefaults({ launcher, runtime, queue, account, workDirectory, module }: ClusterOptions) {
  return {
    ...(launcher !== undefined && { launcher: readChoice('--launcher', launcher, ['auto', ...launcherNames]) }),
    ...(runtime !== undefined && { runtime: readChoice('--runtime', runtime, ['auto', ...runtimeNames]) }),
    ...(queue !== undefined && { queue }),
    ...(account !== undefined && { account }),
    ...(workDirectory !== undefined && { workDirectory }),
    ...(module !== undefined && { modules: module }),
  };
}
