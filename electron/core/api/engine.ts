import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineAddress, engineAddressFile } from '../../client/engine-address.ts';
import { engineHostName } from '../../client/engine-paths.ts';
import { preparePrivateFolder } from '../../client/private-folder.ts';
import { isStorageFailure, storageError } from '../../client/storage-error.ts';
import type { EngineStatus } from '../../shared/contract/engine.ts';
import { AppError } from '../../shared/errors.ts';
import type { CoreDeps } from '../composition/core-deps.ts';
import { type Core, createCore } from '../core.ts';
import { Activity } from './activity.ts';
import { takeEngineLock } from './engine-lock.ts';
import type { EngineHost } from './engine-requests.ts';
import { Loopback } from './loopback.ts';
import { openLimits } from './open-limit.ts';
import type { ServerDeps } from './route-context.ts';
import { serveApi, serveLoopback } from './server.ts';
import { engineSocketPath } from './socket-path.ts';

export interface EngineOptions extends Omit<CoreDeps, 'host'> {
  version: string;
  kind: EngineStatus['host'];
  /** `engine.stop` was asked for, and answered. */
  onStop: () => void;
}

/** The one engine of a data directory: a core, and the socket by which clients reach it. */
export interface Engine {
  readonly core: Core;
  readonly activity: Activity;
  dispose(): Promise<void>;
}

/** @throws AppError `engine-running` while another process is the engine of that directory */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { data } = options.paths;
  preparePrivateFolder(data);
  const lock = takeEngineLock(data);
  const activity = new Activity();
  let core: Core | null = null;
  let loopback: Loopback | null = null;
  let stopReason: AppError | null = null;
  const onStop = () => {
    stopReason = engineStopped();
    options.onStop();
  };
  try {
    core = await createCore({
      ...options,
      host: createHost({ ...options, onStop }, activity, () => loopback?.status ?? null),
    });
    const address: EngineAddress = {
      version: options.version,
      host: options.kind,
      pid: process.pid,
      socket: engineSocketPath(data),
      token: randomBytes(32).toString('base64url'),
    };
    const serverDeps = createServerDeps(options, core, activity, address);
    const server = await serveApi(address.socket, serverDeps);
    loopback = openLoopback(core, serverDeps);
    writeAddress(data, address);
    core.continueTransfers();
    const { ino } = statSync(data);
    const isReplaced = () => statSync(data, { throwIfNoEntry: false })?.ino !== ino;
    // Address and socket at this path would be another engine's, whose folder took the place of the removed one.
    const closeServer = async () => {
      await loopback?.close(stopReason);
      if (!isReplaced()) await closeInOrder(data, () => server.close(stopReason));
    };
    return { core, activity, dispose: () => disposeInOrder(closeServer, core, lock) };
  } catch (error) {
    await loopback?.close(null);
    await core?.dispose();
    lock.release();
    throw isStorageFailure(error) ? storageError(data, error) : error;
  }
}

function createServerDeps(
  { clock, logger }: EngineOptions,
  core: Core,
  activity: Activity,
  { token, version }: EngineAddress,
): ServerDeps {
  const isHost = (name: string | undefined) => name === engineHostName;
  const admission = { token, isHost, version, authenticate: core.authenticate, onRefused: core.logRefusal };
  return { core, clock, activity, admission, logger, open: openLimits() };
}

/** Follows the setting, also where its file was edited. */
function openLoopback(core: Core, deps: ServerDeps): Loopback {
  const loopback = new Loopback({ serve: (port) => serveLoopback(port, deps), logger: deps.logger });
  const apply = () => loopback.apply(core.snapshot().state.settings.apiPort);
  core.onChanges(apply);
  apply();
  return loopback;
}

function createHost(
  { version, kind, clock, onStop }: EngineOptions,
  activity: Activity,
  loopback: EngineHost['loopback'],
): EngineHost {
  return {
    version,
    kind,
    startedAt: clock.now(),
    clients: () => activity.count('clients'),
    prompters: () => activity.count('prompters'),
    streams: () => activity.count('streams'),
    loopback,
    onChange(listener) {
      activity.on('changed', listener);
      return () => activity.off('changed', listener);
    },
    // The answer to the request that asked for it goes out first.
    stop: () => void setTimeout(onStop, 50),
  };
}

/** Clients that come meanwhile find no address and wait for the lock, so they never meet half an engine. */
async function closeInOrder(data: string, closeServer: () => Promise<void>): Promise<void> {
  rmSync(engineAddressFile(data), { force: true });
  await closeServer();
}

async function disposeInOrder(
  closeServer: () => Promise<void>,
  core: Core | null,
  lock: { release(): void },
): Promise<void> {
  await closeServer();
  await core?.dispose();
  lock.release();
}

/** Written whole: a client never reads half of it. */
function writeAddress(data: string, address: EngineAddress): void {
  const temporary = join(data, `.engine.json.${process.pid}`);
  try {
    writeFileSync(temporary, `${JSON.stringify(address)}\n`, { mode: 0o600 });
    renameSync(temporary, engineAddressFile(data));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw storageError(data, cause);
  }
}

const engineStopped = (): AppError =>
  new AppError('engine-stopped', 'The engine was stopped.', {
    hint: 'Running apps on clusters are not touched. The engine starts again when it is needed next.',
  });
