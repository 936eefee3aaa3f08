import { EventEmitter } from 'node:events';
import { type UtilityProcess, utilityProcess } from 'electron';
import { AppError } from '../shared/errors.ts';
import type { Transition } from '../shared/transitions.ts';
import type { DemoServers } from './demo-server.ts';
import { engineEnvironment } from './engine-environment.ts';
import { type EngineOptions, type FromEngine, fromEngineSchema, type ToEngine } from './engine-protocol.ts';
import { afterEnd, countQuickEnds } from './restart-policy.ts';

/** `down`: it ended too often; the next request that the user makes starts it again. */
export type EngineStatus = 'starting' | 'running' | 'restarting' | 'down';
type Changes = Extract<FromEngine, { kind: 'changes' }>;
type Log = Extract<FromEngine, { kind: 'log' }>;

interface Events {
  status: [status: EngineStatus, failure: AppError | null];
  changes: [event: Omit<Changes, 'kind'>];
  log: [event: Omit<Log, 'kind'>];
  transition: [transition: Transition];
}
interface Pending {
  resolve(value: unknown): void;
  reject(error: AppError): void;
}

/** The renderer asks this again by itself: it must not start what was given up. */
const askedByItself = 'app.state';

/** The engine's process: starts it, starts it again when it ends, carries requests to it and its events back. */
export class EngineProcess extends EventEmitter<Events> {
  readonly #file: string;
  readonly #options: EngineOptions;
  readonly #demo: DemoServers;
  readonly #pending = new Map<number, Pending>();
  /** Asked before it was ready. */
  #waiting: ToEngine[] = [];
  #child: UtilityProcess | null = null;
  #status: EngineStatus = 'starting';
  #failure: AppError | null = null;
  #startedAt = 0;
  #quickEnds = 0;
  #lastId = 0;
  #timer: NodeJS.Timeout | null = null;
  #disposing = false;

  constructor(file: string, options: EngineOptions, demo: DemoServers) {
    super();
    this.#file = file;
    this.#options = options;
    this.#demo = demo;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  start(): void {
    if (this.#child || this.#disposing) return;
    this.#startedAt = Date.now();
    const child = utilityProcess.fork(this.#file, [JSON.stringify(this.#options)], {
      serviceName: 'Tunel engine',
      stdio: ['ignore', 'inherit', 'inherit'],
      env: engineEnvironment(process.env),
    });
    this.#child = child;
    child.on('message', (data: unknown) => this.#onMessage(fromEngineSchema.parse(data)));
    child.once('exit', (code) => void this.#onExit(code));
  }

  /** Rejects with the engine's own AppError, or `engine-down` when it ends before it answers. */
  request(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (this.#status === 'down' && name !== askedByItself) {
      this.#quickEnds = 0;
      this.#set('restarting', this.#failure);
      this.start();
    }
    if (!this.#child || this.#disposing) return Promise.reject(this.#downError());
    this.#lastId += 1;
    const message: ToEngine = { kind: 'request', id: this.#lastId, name, input };
    return new Promise((resolve, reject) => {
      this.#pending.set(message.id, { resolve, reject });
      signal?.addEventListener('abort', () => this.#send({ kind: 'cancel', id: message.id }), { once: true });
      if (this.#status === 'running') this.#send(message);
      else this.#waiting.push(message);
    });
  }

  /** Lets it end what is open; kills it when that takes longer than `limit` ms. */
  async dispose(limit: number): Promise<void> {
    this.#disposing = true;
    if (this.#timer) clearTimeout(this.#timer);
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

  #set(status: EngineStatus, failure: AppError | null): void {
    this.#status = status;
    this.#failure = failure;
    this.emit('status', status, failure);
  }

  #onMessage(message: FromEngine): void {
    switch (message.kind) {
      case 'ready': {
        this.#set('running', null);
        for (const waiting of this.#waiting.splice(0)) this.#send(waiting);
        return;
      }
      case 'failed':
        this.#failure = AppError.revive(message.error);
        return;
      case 'reply': {
        const pending = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (message.result.ok) pending?.resolve(message.result.value);
        else pending?.reject(AppError.revive(message.result.error));
        return;
      }
      case 'changes':
        this.emit('changes', { revision: message.revision, patches: message.patches });
        return;
      case 'transition':
        this.emit('transition', message.transition);
        return;
      case 'log':
        this.emit('log', { id: message.id, offset: message.offset, text: message.text });
        return;
      case 'demo-start':
        void this.#startDemo(message.id, message.folder, message.lastPort);
        return;
      case 'demo-stop':
        void this.#demo.stop(message.id).then(() => this.#send({ kind: 'demo-stopped', id: message.id }));
    }
  }

  async #startDemo(id: number, folder: string, lastPort: number): Promise<void> {
    try {
      const port = await this.#demo.start(id, folder, lastPort);
      this.#send({ kind: 'demo-started', id, result: { ok: true, port } });
    } catch (error) {
      this.#send({ kind: 'demo-started', id, result: { ok: false, error: AppError.from(error).serialize() } });
    }
  }

  async #onExit(code: number): Promise<void> {
    this.#child = null;
    this.#failure ??= new AppError('engine-down', `The engine ended by itself (code ${code}).`);
    this.#waiting = [];
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of lost) pending.reject(this.#downError());
    // The next engine starts a demo cluster of its own, on the same port.
    await this.#demo.dispose();
    if (this.#disposing) return;
    this.#quickEnds = countQuickEnds(this.#quickEnds, Date.now() - this.#startedAt);
    const next = afterEnd(this.#quickEnds);
    this.#set(next.kind === 'restart' ? 'restarting' : 'down', this.#failure);
    if (next.kind === 'restart') this.#timer = setTimeout(() => this.start(), next.delay);
  }

  #downError(): AppError {
    const hint =
      this.#status === 'down'
        ? 'Try again, or restart Tunel. Running apps on clusters are not touched.'
        : 'It restarts by itself; running apps on clusters keep running. Try again in a moment.';
    return new AppError('engine-down', 'The part of Tunel that talks to clusters is not running.', {
      hint,
      detail: this.#failure?.message,
    });
  }
}
