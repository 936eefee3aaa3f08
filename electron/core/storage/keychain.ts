import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** The system's keychain; each call may take as long as the system likes. */
export interface Keychain {
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  remove(account: string): Promise<void>;
  accounts(): Promise<string[]>;
  /** Gives up what is still running. */
  stop(): void;
}

const service = 'Tunel';
type Method = 'getPassword' | 'setPassword' | 'deletePassword' | 'findCredentials';
type Call = (method: Method, parameters: string[]) => Promise<unknown>;

/**
 * A call that never returns blocks a thread, and Node waits for its threads before it exits. So the calls are made in a
 * process of their own that can be killed. Electron has no plain Node for that; there the main process kills the engine.
 */
export function openKeychain(): Keychain {
  return process.versions.electron === undefined ? inOwnProcess() : inThisProcess();
}

function keychainOf(call: Call, stop: () => void): Keychain {
  return {
    get: async (account) =>
      z
        .string()
        .nullable()
        .parse(await call('getPassword', [account])),
    async set(account, secret) {
      await call('setPassword', [account, secret]);
    },
    async remove(account) {
      await call('deletePassword', [account]);
    },
    async accounts() {
      const found = z.array(z.object({ account: z.string() })).parse(await call('findCredentials', []));
      return found.map(({ account }) => account);
    },
    stop,
  };
}

const functionSchema = z.custom<(...parameters: string[]) => Promise<unknown>>((value) => typeof value === 'function');
const keytarSchema = z.object({
  default: z.object({
    getPassword: functionSchema,
    setPassword: functionSchema,
    deletePassword: functionSchema,
    findCredentials: functionSchema,
  }),
});

function inThisProcess(): Keychain {
  const call: Call = async (method, parameters) => {
    const keytar = keytarSchema.parse(await import('keytar')).default;
    return keytar[method](service, ...parameters);
  };
  return keychainOf(call, () => undefined);
}

/** Run by `node -e`, because a file of its own would have to be found from every bundle. */
const childScript = `
  const keytar = require(process.argv[1]);
  process.on('message', ({ id, method, parameters }) => {
    keytar[method](...parameters).then(
      (value) => process.send({ id, value }),
      (error) => process.send({ id, error: String(error && error.message) }),
    );
  });
  process.on('disconnect', () => process.exit());
`;

const answerSchema = z.object({ id: z.number(), value: z.unknown().optional(), error: z.string().optional() });

function inOwnProcess(): Keychain {
  const keytar = createRequire(import.meta.url).resolve('keytar');
  const child = spawn(process.execPath, ['-e', childScript, keytar], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  const failAll = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  child.on('message', (message) => {
    const { id, value, error } = answerSchema.parse(message);
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(value ?? null);
    else caller?.reject(new Error(error));
  });
  child.on('error', (error) => failAll(error.message));
  child.on('exit', () => failAll('the process that asks the keychain ended'));
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  child.unref();
  child.channel?.unref();
  const call: Call = (method, parameters) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, method, parameters: [service, ...parameters] }, (error) => {
        if (error) failAll(error.message);
      });
    });
  return keychainOf(call, stop);
}
