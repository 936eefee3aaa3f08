import type { EngineHost } from '../api/engine-requests.ts';
import type { StartDemoServer } from '../demo/demo-cluster.ts';
import type { Clock, Logger, Paths, Secrets } from '../deps.ts';

/** What the process around the core gives it. */
export interface CoreDeps {
  paths: Paths;
  clock: Clock;
  logger: Logger;
  secrets: Secrets;
  /** null: without the built-in demo cluster. */
  startDemoServer: StartDemoServer | null;
  versions: Record<string, string>;
  host: EngineHost;
}
