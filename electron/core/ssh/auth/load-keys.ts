import type { AuthMethod } from '../../../shared/clusters.ts';
import type { Logger } from '../../deps.ts';
import { agentIdentities, fileIdentities, type LoadedKeys, missingInAgent, type Unlock } from './keys.ts';

interface KeySources {
  methods: readonly AuthMethod[];
  /** Files the user chose; empty: `usualKeys`. */
  keyFiles: string[];
  usualKeys: string[];
  identitiesOnly: boolean;
  agentSocket: string | undefined;
  logger: Logger;
}

/** The keys to offer, those of the named files first: servers hang up after some six tries. */
export async function loadKeys(sources: KeySources, unlock: Unlock): Promise<LoadedKeys> {
  const { methods, keyFiles, usualKeys, agentSocket, logger } = sources;
  const chosen = keyFiles.length > 0;
  const files = await fileIdentities(chosen ? keyFiles : usualKeys, chosen, unlock);
  const named = [...files.identities.map(({ id }) => id), ...files.selectors.map(({ id }) => id)];
  const held =
    methods.includes('agent') && agentSocket
      ? await agentIdentities(agentSocket, (why) => logger.warn('The SSH agent does not answer', { why }))
      : [];
  const isNamed = (id: string) => named.includes(id);
  const first = held.filter(({ id }) => isNamed(id)).sort((a, b) => named.indexOf(a.id) - named.indexOf(b.id));
  const others = sources.identitiesOnly ? [] : held.filter(({ id }) => !isNamed(id));
  const missing = files.selectors.filter(({ id }) => !held.some((key) => key.id === id));
  const usesFiles = methods.includes('key');
  return {
    identities: [...first, ...others, ...(usesFiles ? files.identities : [])],
    problems: [...(usesFiles ? files.problems : []), ...missing.map(({ file }) => missingInAgent(file))],
    selectors: files.selectors,
    certificates: usesFiles ? files.certificates : [],
  };
}
