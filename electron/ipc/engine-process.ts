import { setTimeout as sleep } from 'node:timers/promises';
import { type UtilityProcess, utilityProcess } from 'electron';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import type { DemoServers } from './demo-server.ts';
import { engineEnvironment } from './engine-environment.ts';
import { type EngineOptions, type FromEngine, fromEngineSchema, type ToEngine } from './engine-protocol.ts';
import { afterEnd, countQuickEnds } from './restart-policy.ts';

/** The engine's process in this app. It may never be started, where another process is the engine. */
export class EngineProcess {
  readonly #file: string;
  readonly #options: EngineOptions;
  readonly #demo: DemoServers;
  #child: UtilityProcess | null = null;
  #failure: AppError | null = null;
  #startedAt = 0;
  #quickEnds = 0;
  #isDisposing = false;

  constructor(file: string, options: EngineOptions, demo: DemoServers) {
    this.#file = file;
    this.#options = options;
    this.#demo = demo;
  }

  /** It ended too often: `start` refuses until `allowStart`. */
  get hasGivenUp(): boolean {
    return this.#quickEnds > 0 && afterEnd(this.#quickEnds).kind === 'give-up';
  }

  /** Why it ended last. */
  get failure(): AppError | null {
    return this.#failure;
  }

  /** The user asks for it: earlier ends count no more. */
  allowStart(): void {
    this.#quickEnds = 0;
  }

  /**
   * Resolves once its socket can be asked. After quick ends it waits longer each time before it begins.
   * @throws AppError `engine-running` where another process is the engine, `engine-down`, or what it failed with
   */
  async start(): Promise<void> {
    if (this.#isDisposing) throw this.#downError();
    const next = this.#quickEnds > 0 ? afterEnd(this.#quickEnds) : null;
    if (next?.kind === 'give-up') throw this.#downError();
    if (next) await sleep(next.delay);
    if (this.#child || this.#isDisposing) throw this.#downError();
    this.#startedAt = Date.now();
    this.#failure = null;
    const child = utilityProcess.fork(this.#file, [JSON.stringify(this.#options)], {
      serviceName: 'Tunel engine',
      stdio: ['ignore', 'inherit', 'inherit'],
      env: engineEnvironment(process.env),
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.on('message', (data: unknown) => {
        const message = fromEngineSchema.parse(data);
        if (message.kind === 'ready') resolve();
        else this.#onMessage(message);
      });
      child.once('exit', (code) => {
        void this.#onExit(code).then(() => reject(this.#failure ?? this.#downError()));
      });
    });
  }

  /** Lets it end what is open; kills it when that takes longer than `limit` ms. */
  async dispose(limit: number): Promise<void> {
    this.#isDisposing = true;
    const child = this.#child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const killer = setTimeout(() => child.kill(), limit);
    this.#send({ kind: 'dispose' });
    await ended;
    clearTimeout(killer);
  }

  #send(message: ToEngine): void {
    this.#child?.postMessage(message);
  }

  #onMessage(message: Exclude<FromEngine, { kind: 'ready' }>): void {
    switch (message.kind) {
      case 'failed':
        this.#failure = AppError.revive(message.error);
        return;
      case 'demo-start':
        void this.#startDemo(message.id, message.folder, message.lastPort);
        return;
      case 'demo-stop':
        void this.#demo.stop(message.id);
    }
  }

  async #startDemo(id: number, folder: string, lastPort: number): Promise<void> {
    try {
      const onEnd = () => this.#send({ kind: 'demo-ended', id });
      const port = await this.#demo.start(id, folder, lastPort, onEnd);
      this.#send({ kind: 'demo-started', id, result: { ok: true, port } });
    } catch (error) {
      this.#send({ kind: 'demo-started', id, result: { ok: false, error: AppError.from(error).serialize() } });
    }
  }

  async #onExit(code: number): Promise<void> {
    this.#child = null;
    this.#failure ??= new AppError('engine-down', message`The engine ended by itself (code ${{ code }}).`);
    // The next engine starts a demo cluster of its own, on the same port.
    await this.#demo.dispose();
    // Another engine was first: that is no failure of this one.
    if (this.#failure.code === 'engine-running') return;
    this.#quickEnds = countQuickEnds(this.#quickEnds, Date.now() - this.#startedAt);
  }

  #downError(): AppError {
    return new AppError('engine-down', 'The part of Tunel that talks to clusters is not running.', {
      hint: this.hasGivenUp
        ? 'Try again, or restart Tunel. Running apps on clusters are not touched.'
        : 'It restarts by itself; running apps on clusters keep running. Try again in a moment.',
      detail: this.#failure?.message,
    });
  }
}
