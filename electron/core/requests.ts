import { randomUUID } from 'node:crypto';
import { type EngineRequestName, engineRequests, type ParsedInput, type RequestOutput } from '../shared/contract.ts';
import { AppError } from '../shared/errors.ts';
import type { createChoices } from './clusters/choices.ts';
import type { ClusterFactsService } from './clusters/cluster-facts.ts';
import type { createClusters } from './clusters/clusters.ts';
import type { Files } from './files/files.ts';
import type { Folders } from './folders/types.ts';
import type { Gateway } from './gateway/types.ts';
import type { Instances } from './instances/types.ts';
import type { KeyedWork } from './keyed-work.ts';
import type { createPresets } from './presets/presets.ts';
import type { Sources } from './recipes/sources/sources.ts';
import type { RecipeLibrary } from './recipes/types.ts';
import type { Sites } from './sites/sites.ts';
import type { Connections, Prompts, SshConfig } from './ssh/types.ts';
import type { StateStore } from './state-store.ts';
import type { Storage } from './storage/types.ts';

export type Handlers = {
  [N in EngineRequestName]: (input: ParsedInput<N>) => RequestOutput<N> | Promise<RequestOutput<N>>;
};

interface HandlerDeps {
  store: StateStore;
  storage: Storage;
  facts: ClusterFactsService;
  clusters: ReturnType<typeof createClusters>;
  connections: Connections;
  prompts: Prompts;
  sshConfig: SshConfig;
  library: RecipeLibrary;
  sites: Sites;
  instances: Instances;
  folders: Folders;
  sources: Sources;
  gateway: Gateway;
  choices: ReturnType<typeof createChoices>;
  files: Files;
  presets: ReturnType<typeof createPresets>;
  keyed: KeyedWork;
  publishRecipes: () => void;
}

/** What each request of the contract does. */
export function createHandlers(deps: HandlerDeps): Handlers {
  const {
    store,
    storage,
    facts,
    clusters,
    connections,
    prompts,
    sshConfig,
    library,
    sites,
    instances,
    folders,
    sources,
    gateway,
  } = deps;
  const { choices, files, presets, keyed } = deps;
  return {
    'app.state': () => store.snapshot(),
    'clusters.save': ({ id, input }) => clusters.save(id, input),
    'clusters.copy': ({ id }) => clusters.copy(id),
    'clusters.remove': ({ id }) => clusters.remove(id),
    'clusters.test': ({ key, input }) => clusters.test(key, input),
    'clusters.cancelTest': ({ key }) => clusters.cancelTest(key),
    'clusters.connect': ({ id }) => connections.connect(clusters.get(id).id),
    'clusters.disconnect': ({ id }) => connections.disconnect(clusters.get(id).id),
    'clusters.forgetSecrets': ({ id }) => clusters.forgetSecrets(id),
    'clusters.setSite': ({ id, profile }) => clusters.setSite(id, profile),
    'clusters.choices': ({ key, ...wanted }) => keyed.run(`choices:${key}`, (signal) => choices(wanted, signal)),
    'clusters.cancelChoices': ({ key }) => keyed.cancel(`choices:${key}`),
    'files.list': ({ key, ...wanted }) => keyed.run(`files:${key}`, (signal) => files.list(wanted, signal)),
    'files.places': ({ key, ...wanted }) => keyed.run(`files:${key}`, (signal) => files.places(wanted, signal)),
    'files.cancel': ({ key }) => keyed.cancel(`files:${key}`),
    'presets.save': (input) => presets.save(input),
    'presets.rename': (input) => presets.rename(input),
    'presets.remove': (input) => presets.remove(input),
    'sites.list': () => sites.list(),
    'sites.read': ({ source, clusterId }) => {
      const cluster = clusterId === undefined ? null : clusters.get(clusterId);
      return sites.read(source, cluster && { cluster, facts: facts.known(cluster.id) });
    },
    'clusters.sshConfigHosts': () => sshConfig.hosts(),
    'clusters.resolveSshConfig': ({ alias }) => sshConfig.resolve(alias),
    'prompts.answer': ({ id, answer }) => prompts.answer(id, answer),
    'sources.review': ({ key, ...asked }) =>
      keyed.run(`source:${key ?? randomUUID()}`, (signal) => sources.review(asked, signal)),
    'sources.cancel': ({ key }) => keyed.cancel(`source:${key}`),
    'sources.accept': ({ key }) => sources.accept(key),
    'sources.discard': ({ key }) => sources.discard(key),
    'sources.remove': ({ id }) => sources.remove(id),
    'recipes.reload': async () => {
      await library.reload();
      deps.publishRecipes();
    },
    'recipes.preview': (input) => instances.preview(input),
    'recipes.verify': (input) => instances.verify(input),
    'instances.launch': (input) => instances.launch(input),
    'instances.stop': ({ id }) => instances.stop(id),
    'instances.end': ({ id }) => instances.end(id),
    'instances.remove': ({ id }) => instances.remove(id),
    'instances.log': ({ id, offset }) => instances.log(id, offset),
    'instances.note': ({ id, label }) => ({ value: instances.note(id, label) }),
    'instances.sshCommand': ({ id }) => ({ command: instances.sshCommand(id) }),
    'instances.exposure': ({ id }) => instances.exposure(id),
    'instances.browserLink': async ({ id }) => ({ url: await gateway.browserLink(id) }),
    'folders.inspect': ({ key, source, clusterId }) =>
      keyed.run(`folder:${key ?? randomUUID()}`, (signal) => folders.inspect(source, clusterId, signal)),
    'folders.cancel': ({ key }) => keyed.cancel(`folder:${key}`),
    'folders.save': ({ id, input }) => folders.save(id, input),
    'folders.remove': ({ id }) => folders.remove(id),
    'folders.sync': ({ id, clusterId }) => folders.sync(id, clusters.get(clusterId).id),
    'folders.clean': ({ id, clusterId }) => folders.clean(id, clusters.get(clusterId).id),
    'folders.watch': ({ instanceId, on }) => folders.watch(instanceId, on),
    'connections.retry': ({ id }) => connections.retry(clusters.get(id).id),
    'settings.save': async (change) => {
      const settings = storage.saveSettings(change);
      store.set({ settings });
      if (change.recipeFolders === undefined) return;
      await library.reload();
      deps.publishRecipes();
    },
    'notices.dismiss': ({ id }) => {
      const { system } = store.state;
      store.set({ system: { ...system, notices: system.notices.filter((notice) => notice.id !== id) } });
    },
  };
}

/** Parses the input by the contract, runs the handler. @throws AppError `bad-input` naming each field. */
export async function answerRequest(handlers: Handlers, name: string, input: unknown): Promise<unknown> {
  if (!isEngineRequest(name)) {
    throw new AppError('bad-input', `There is no request “${name}”.`, { hint: 'Restart Tunel after an update.' });
  }
  return answer(handlers, name, input);
}

async function answer<N extends EngineRequestName>(handlers: Handlers, name: N, input: unknown): Promise<unknown> {
  const parsed = engineRequests[name].input.safeParse(input);
  if (!parsed.success) {
    const words = parsed.error.issues.map(({ path, message }) => `${path.join('.') || name}: ${message}`);
    throw new AppError('bad-input', words.join(' ').replace(/[^.]$/, '$&.'), { hint: 'Correct it and try again.' });
  }
  const handler: (input: ParsedInput<N>) => unknown = handlers[name];
  // The schema of this very name parsed it; TypeScript does not follow the index through the union.
  return handler(parsed.data as ParsedInput<N>);
}

function isEngineRequest(name: string): name is EngineRequestName {
  return Object.hasOwn(engineRequests, name);
}
