import { once } from 'node:events';
import { type UtilityProcess, utilityProcess } from 'electron';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import { engineEnvironment } from './engine-environment.ts';

const startLimit = 15_000;

/** The demo cluster's server as a utility process. It ends with the app by itself, and with the engine by `dispose`. */
export class DemoServers {
  readonly #running = new Map<number, UtilityProcess>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Resolves with the port it listens on. `onEnd` hears of its end after that, asked for or not. */
  async start(id: number, folder: string, lastPort: number, onEnd: () => void): Promise<number> {
    const child = utilityProcess.fork(this.#file, [folder, String(lastPort)], {
      serviceName: 'Tunel demo cluster',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: engineEnvironment(process.env),
    });
    this.#running.set(id, child);
    child.once('exit', () => this.#running.delete(id));
    return new Promise<number>((resolve, reject) => {
      let text = '';
      const fail = (why: string) => {
        clearTimeout(timer);
        child.kill();
        reject(
          new AppError('internal', message`The demo cluster did not start: ${{ reason: why }}.`, {
            hint: 'Restart Tunel to try again.',
          }),
        );
      };
      const timer = setTimeout(() => fail(`nothing heard for ${startLimit / 1000} s`), startLimit);
      child.once('exit', (code) => fail(`its process ended with code ${code}`));
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /^ready (\d+)$/m.exec(text);
        if (!found) return;
        clearTimeout(timer);
        child.once('exit', onEnd);
        resolve(Number(found[1]));
      });
    });
  }

  async stop(id: number): Promise<void> {
    const child = this.#running.get(id);
    if (!child) return;
    const ended = once(child, 'exit');
    if (child.kill()) await ended;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }
}
