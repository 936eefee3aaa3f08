import { EventEmitter } from 'node:events';
import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../deps.ts';
import type { Storage } from '../storage/types.ts';
import { type DemoServer, demoClusterId, describeDemoCluster, type StartDemoServer } from './demo-cluster.ts';

interface DemoDeps {
  /** null: this process has no demo cluster. */
  startServer: StartDemoServer | null;
  folder: string;
  storage: Pick<Storage, 'clusters' | 'saveCluster' | 'notices'>;
  clock: Clock;
}

/** The built-in demo cluster: its server runs while the core does. */
export class Demo {
  readonly #deps: DemoDeps;
  readonly #emitter = new EventEmitter<{ saved: [] }>();
  #server: Promise<DemoServer> | null = null;

  constructor(deps: DemoDeps) {
    this.#deps = deps;
  }

  /** After the demo cluster was saved. @returns what ends it */
  onSaved(listener: () => void): () => void {
    this.#emitter.on('saved', listener);
    return () => this.#emitter.off('saved', listener);
  }

  /** Starts the server unless it runs, and saves its cluster. A failure is also a notice. */
  async start(): Promise<{ clusterId: string }> {
    const { startServer, folder, storage, clock } = this.#deps;
    if (!startServer) throw new AppError('not-found', 'There is no demo cluster here.');
    this.#server ??= this.#startServer(startServer);
    try {
      const { port } = await this.#server;
      storage.saveCluster(describeDemoCluster(folder, port, clock.now(), this.#savedCluster()));
      this.#emitter.emit('saved');
      return { clusterId: demoClusterId };
    } catch (error) {
      this.#notify(AppError.from(error));
      throw error;
    }
  }

  /** A cluster as it can be reached now: the server of the demo cluster runs, also after it ended by itself. */
  async prepare(cluster: Cluster): Promise<Cluster> {
    if (!cluster.demo || !this.#deps.startServer) return cluster;
    await this.start();
    return this.#savedCluster() ?? cluster;
  }

  async dispose(): Promise<void> {
    const server = await this.#server?.catch(() => null);
    await server?.stop();
  }

  #savedCluster(): Cluster | undefined {
    return this.#deps.storage.clusters().find(({ id }) => id === demoClusterId);
  }

  #startServer(startServer: StartDemoServer): Promise<DemoServer> {
    const started = startServer(this.#deps.folder, this.#savedCluster()?.port ?? 0);
    const forget = () => {
      if (this.#server === started) this.#server = null;
    };
    started.then(({ ended }) => ended).then(forget, forget);
    return started;
  }

  #notify({ message, hint }: AppError): void {
    this.#deps.storage.notices.add({
      id: 'demo',
      code: 'demo-unavailable',
      kind: 'warning',
      title: 'No demo cluster',
      text: `${message} ${hint ?? ''}`,
      values: { reason: message },
    });
  }
}
