import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { appStateSchema, type EngineState } from '../shared/state.ts';

/** What the window shows before the engine answers: the state of the last run, kept beside the engine's own files. */

const fileSchema = z.object({ version: z.string(), state: appStateSchema.omit({ views: true }) });

/** null: there is none, or it is of another version. It is only a picture, so that nothing is lost with it. */
export function readLastState(path: string, version: string): EngineState | null {
  try {
    const file = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return file.version === version ? file.state : null;
  } catch {
    return null;
  }
}

/** How often it is kept, ms. */
const INTERVAL = 10_000;

interface LastStateSource {
  /** null: the engine does not answer, and what it said last may be old. */
  state(): EngineState | null;
  onFailed(error: unknown): void;
}

/** Keeps the state for the next start, now and then and at the end. */
export class LastStateKeeper {
  readonly #path: string;
  readonly #version: string;
  readonly #source: LastStateSource;
  readonly #timer = setInterval(() => this.#save(), INTERVAL);

  constructor(path: string, version: string, source: LastStateSource) {
    this.#path = path;
    this.#version = version;
    this.#source = source;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#save();
  }

  #save(): void {
    try {
      const state = this.#source.state();
      if (state) writeLastState(this.#path, this.#version, state);
    } catch (error) {
      this.#source.onFailed(error);
    }
  }
}

function writeLastState(path: string, version: string, state: EngineState): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify({ version, state: atRest(state) }), { mode: 0o600 });
  renameSync(temporary, path);
}

/** Nothing is connected at a start, and no question waits. */
function atRest(state: EngineState): EngineState {
  return {
    ...state,
    prompts: [],
    tunnels: [],
    clusters: state.clusters.map((entry) => ({
      ...entry,
      connection: { ...entry.connection, state: 'disconnected', error: null },
    })),
    instances: state.instances.map((instance) =>
      instance.state === 'ready' ? { ...instance, state: 'reconnecting' } : instance,
    ),
  };
}
