import { type EngineState, emptyState } from '../../shared/state.ts';
import { connectionLogLength } from '../../shared/state-entities.ts';
import type { Disposer } from '../disposer.ts';
import type { CoreDeps } from './core-deps.ts';
import type { Features } from './features.ts';

/** Writes what the features hold into the published state; nothing else writes it. */
export class StatePublisher {
  readonly #features: Features;
  readonly #deps: Pick<CoreDeps, 'secrets' | 'versions' | 'paths'>;

  constructor(features: Features, deps: Pick<CoreDeps, 'secrets' | 'versions' | 'paths'>) {
    this.#features = features;
    this.#deps = deps;
  }

  /** Publishes everything there is, and each change from now on. */
  start(disposer: Disposer): void {
    const { store, storage, sources, library, connections, demo, prompts, ...features } = this.#features;
    const { secrets } = this.#deps;
    const clusters = () => this.clusters();
    features.clusters.onChange(clusters);
    features.facts.onChange(clusters);
    connections.on('status', clusters);
    connections.on('event', (event) =>
      store.set({ connectionLog: [event, ...store.state.connectionLog].slice(0, connectionLogLength) }),
    );
    demo.onSaved(clusters);
    prompts.onChange((list) => store.set({ prompts: list }));
    storage.notices.onChange((notices) => this.#system({ notices }));
    storage.onLastValuesSaved(() => this.#lastValues());
    features.instances.onChange((instances) => store.set({ instances }));
    features.jobs.onChange(() => store.set({ jobs: features.jobs.list() }));
    features.folders.onChange(() => store.set({ folders: features.folders.list() }));
    sources.onChange(() => store.set({ sources: [...sources.list()] }));
    library.onChange(() => this.#recipes());
    features.openTunnels.on('changed', () => store.set({ tunnels: features.openTunnels.list() }));
    features.transfers.onChange(() => store.set({ transfers: features.transfers.recent() }));
    features.transfers.onLimitChange(() => this.settings());
    features.consents.onChange((consents) => store.set({ consents }));
    // The secrets outlive the core; everything else above ends with it.
    disposer.add(secrets.onChange(() => this.#system(this.#keychain())));
    this.#publishAll();
  }

  clusters(): void {
    const { store, clusters } = this.#features;
    store.set({ clusters: clusters.states() });
  }

  settings(): void {
    const { store, storage } = this.#features;
    store.set({ settings: storage.settings() });
  }

  presets(): void {
    const { store, storage } = this.#features;
    store.set({ presets: storage.presets() });
  }

  #lastValues(): void {
    const { store, storage } = this.#features;
    store.set({ lastValues: storage.lastValues() });
  }

  async sshConfigHosts(): Promise<void> {
    const hosts = await this.#features.sshConfig.hosts();
    this.#system({ sshConfigHosts: hosts.length });
  }

  #recipes(): void {
    const { store, library } = this.#features;
    store.set({ recipes: { list: library.list(), problems: library.problems() } });
  }

  #system(change: Partial<EngineState['system']>): void {
    const { store } = this.#features;
    store.set({ system: { ...store.state.system, ...change } });
  }

  #keychain(): Pick<EngineState['system'], 'keychain' | 'keychainProblem' | 'keychainReason'> {
    const { kind, problem, reason } = this.#deps.secrets;
    return { keychain: kind, keychainProblem: problem, keychainReason: reason };
  }

  #publishAll(): void {
    const { store, storage, instances, jobs, folders, sources, transfers } = this.#features;
    store.set({
      instances: instances.list(),
      jobs: jobs.list(),
      folders: folders.list(),
      sources: [...sources.list()],
      transfers: transfers.recent(),
      connectionLog: storage.connectionEvents(connectionLogLength),
      system: {
        ...emptyState.system,
        ...this.#keychain(),
        engine: 'running',
        versions: this.#deps.versions,
        dataDirectory: this.#deps.paths.data,
        notices: storage.notices.all,
      },
    });
    this.settings();
    this.presets();
    this.#lastValues();
    this.#recipes();
    this.clusters();
  }
}
