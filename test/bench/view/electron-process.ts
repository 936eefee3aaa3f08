import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { findRuntime } from '../../../build/setup/electron.mjs';
import { eventually } from '../../helpers/instance.ts';

const answerSchema = z.object({
  id: z.number().optional(),
  error: z.object({ message: z.string() }).optional(),
  result: z
    .object({
      result: z.object({ value: z.unknown().optional() }),
      exceptionDetails: z.object({ exception: z.object({ description: z.string().optional() }).optional() }).optional(),
    })
    .optional(),
});

const outcomeSchema = z.object({ value: z.unknown().optional(), error: z.string().optional() }).nullable();

/**
 * An Electron app whose main process is driven by its inspector. Unlike Playwright it attaches to no page: a page whose network
 * is watched is slower, and keeps what it downloads.
 */
export class ElectronProcess {
  readonly #child: ChildProcess;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #last = 0;

  private constructor(child: ChildProcess, socket: WebSocket) {
    this.#child = child;
    this.#socket = socket;
    socket.on('message', (data) => this.#onMessage(answerSchema.parse(JSON.parse(String(data)))));
  }

  static async start(args: string[], env: Record<string, string>): Promise<ElectronProcess> {
    const runtime = findRuntime();
    if (!runtime) throw new Error('There is no Electron on this machine yet: run `node build/setup.mjs test` first.');
    const isRoot = process.getuid?.() === 0;
    const options = ['--inspect=0', '-r', join(import.meta.dirname, 'expose-require.cjs')];
    const child = spawn(runtime.path, [...options, ...(isRoot ? ['--no-sandbox'] : []), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const address = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stderr?.on('data', (chunk) => {
        output += chunk;
        const match = /Debugger listening on (ws:\S+)/.exec(output);
        if (match?.[1]) resolve(match[1]);
        if (process.env.BENCH_DEBUG) process.stderr.write(chunk);
      });
      child.once('exit', (code) => reject(new Error(`Electron ended with ${code}:\n${output.slice(-2000)}`)));
    });
    const socket = new WebSocket(address, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const started = new ElectronProcess(child, socket);
    // The inspector answers before Node itself is up.
    await eventually(
      () => started.#run("typeof bench === 'object'"),
      (isUp) => isUp === true,
    );
    await started.evaluate("await require('electron').app.whenReady()");
    return started;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What a script in the main process returns, where `require` is Node's. */
  async evaluate(script: string): Promise<unknown> {
    const id = this.#last;
    await this.#run(`bench.run(${id}, async (require) => { ${script} })`);
    let outcome: z.infer<typeof outcomeSchema> = null;
    while (!outcome) {
      // Short, for what is measured ends with it.
      await sleep(10);
      outcome = outcomeSchema.parse(await this.#run(`bench.take(${id})`));
    }
    if (outcome.error !== undefined) throw new Error(outcome.error);
    return outcome.value;
  }

  #run(expression: string): Promise<unknown> {
    this.#last += 1;
    const id = this.#last;
    const params = { expression, returnByValue: true };
    this.#socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** The value of an expression in the first page whose address begins so; waits for the page and for a promise. */
  inPage(address: string, expression: string): Promise<unknown> {
    return this.evaluate(`
      const { webContents } = require('electron');
      for (;;) {
        const page = webContents.getAllWebContents().find((each) => each.getURL().startsWith(${JSON.stringify(address)}));
        if (page && !page.isLoading()) return page.executeJavaScript(${JSON.stringify(expression)}, true);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }`);
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#socket.close();
    this.#child.kill('SIGTERM');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(killer);
  }

  #onMessage({ id, error, result }: z.infer<typeof answerSchema>): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (!waiting || id === undefined) return;
    this.#waiting.delete(id);
    const failure = error?.message ?? result?.exceptionDetails?.exception?.description;
    if (error || result?.exceptionDetails) waiting.reject(new Error(failure ?? 'The expression failed.'));
    else waiting.resolve(result?.result.value);
  }
}
