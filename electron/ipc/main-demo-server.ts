import type { DemoServer, StartDemoServer } from '../core/demo/demo-cluster.ts';
import { AppError } from '../shared/errors.ts';
import type { FromEngine, ToEngine } from './engine-protocol.ts';

type Started = Extract<ToEngine, { kind: 'demo-started' }>['result'];

/** The engine's side of the demo cluster: its server is a process that the main process starts and ends. */
export function askMainForDemoServer(send: (message: FromEngine) => void): {
  start: StartDemoServer;
  onMessage(message: ToEngine): void;
} {
  const starting = new Map<number, (result: Started) => void>();
  const running = new Map<number, () => void>();
  let lastId = 0;

  const start: StartDemoServer = async (folder, lastPort): Promise<DemoServer> => {
    lastId += 1;
    const id = lastId;
    const ended = new Promise<void>((resolve) => running.set(id, resolve));
    const result = await new Promise<Started>((resolve) => {
      starting.set(id, resolve);
      send({ kind: 'demo-start', id, folder, lastPort });
    });
    if (!result.ok) {
      running.delete(id);
      throw AppError.revive(result.error);
    }
    const stop = async () => {
      if (!running.has(id)) return;
      send({ kind: 'demo-stop', id });
      await ended;
    };
    return { port: result.port, ended, stop };
  };

  return {
    start,
    onMessage(message) {
      if (message.kind === 'demo-started') {
        starting.get(message.id)?.(message.result);
        starting.delete(message.id);
      } else if (message.kind === 'demo-ended') {
        running.get(message.id)?.();
        running.delete(message.id);
      }
    },
  };
}
