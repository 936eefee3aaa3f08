import { EventEmitter } from 'node:events';
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
    const lastPort = storage.clusters().find(({ id }) => id === demoClusterId)?.port ?? 0;
    this.#server ??= startServer(folder, lastPort);
    try {
      const { port } = await this.#server;
      storage.saveCluster(describeDemoCluster(folder, port, clock.now()));
      this.#emitter.emit('saved');
      return { clusterId: demoClusterId };
    } catch (error) {
      this.#server = null;
      this.#notify(AppError.from(error));
      throw error;
    }
  }

  async dispose(): Promise<void> {
    const server = await this.#server?.catch(() => null);
    await server?.stop();
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
