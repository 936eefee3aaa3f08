import { z } from 'zod';
import { type Endpoint, endpointSchema } from '../../shared/instances.ts';
import { type Meta, metaSchema } from './meta.ts';

/** What one look at an instance's directory found; a file that is not there is null. */
export interface Observation {
  exists: boolean;
  meta: Meta | null;
  job: string | null;
  startedAt: number | null;
  node: string | null;
  exitCode: number | null;
  /** Whole days since `exit` was written are over this sweep's age. */
  old: boolean;
  problem: { kind: string; subject: string } | null;
  endpoint: Endpoint | null;
  secret: string | null;
  /** Secrets that were typed into the form; only of a look at all directories. */
  typed: string[];
  /** A submission was begun, or its job has begun. */
  isSubmitted: boolean;
  /** When `exit` was written, epoch ms of the cluster's clock; only of a look at single instances. */
  endedAt: number | null;
  /** Someone, here or on another computer, asked it to end. */
  stopAsked: boolean;
  /** null: not looked at. */
  logSize: number | null;
  /** Whether the process of a login node lives; null: it was not looked at. */
  isProcessAlive: boolean | null;
  /** New bytes of the log from `offset` on. */
  log: { offset: number; bytes: Buffer } | null;
}

const startedSchema = z.string().regex(/^\d+ .*$/);

/** `word rest` lines, as the reader script of directory.ts prints them; `id` begins the next directory. */
export function parseObservations(stdout: string): Map<string, Observation> {
  const found = new Map<string, Observation>();
  let current: Observation | null = null;
  for (const line of stdout.split('\n')) {
    const at = line.indexOf(' ');
    if (at === -1) continue;
    const word = line.slice(0, at);
    const value = line.slice(at + 1);
    if (word === 'id') {
      current = emptyObservation();
      found.set(value, current);
    } else if (current) {
      read(current, word, value);
    }
  }
  return found;
}

const emptyObservation = (): Observation => ({
  exists: false,
  meta: null,
  job: null,
  startedAt: null,
  node: null,
  exitCode: null,
  old: false,
  problem: null,
  endpoint: null,
  secret: null,
  typed: [],
  isSubmitted: false,
  endedAt: null,
  stopAsked: false,
  logSize: null,
  isProcessAlive: null,
  log: null,
});

function read(into: Observation, word: string, value: string): void {
  switch (word) {
    case 'exists':
      into.exists = true;
      return;
    case 'meta':
      into.meta = metaSchema.safeParse(json(value)).data ?? null;
      return;
    case 'job':
      into.job = value;
      return;
    case 'started':
      if (!startedSchema.safeParse(value).success) return;
      into.startedAt = Number.parseInt(value, 10) * 1000;
      into.node = value.slice(value.indexOf(' ') + 1);
      return;
    case 'exit':
      into.exitCode = /^\d{1,3}$/.test(value) ? Number(value) : 1;
      return;
    case 'submitted':
      into.isSubmitted = true;
      return;
    case 'ended':
      into.endedAt = /^\d+$/.test(value) ? Number(value) * 1000 : null;
      return;
    case 'old':
      into.old = true;
      return;
    case 'problem': {
      const at = value.indexOf(' ');
      if (at > 0) into.problem = { kind: value.slice(0, at), subject: value.slice(at + 1) };
      return;
    }
    case 'endpoint':
      into.endpoint = endpointSchema.safeParse(json(value)).data ?? null;
      return;
    case 'secret':
      into.secret = value;
      return;
    case 'typed':
      into.typed.push(Buffer.from(value, 'base64').toString('utf8'));
      return;
    case 'stop':
      into.stopAsked = true;
      return;
    case 'alive':
      into.isProcessAlive = value === '1';
      return;
    case 'size':
      into.logSize = Number(value) || 0;
      return;
    case 'log': {
      const at = value.indexOf(' ');
      into.log = { offset: Number(value.slice(0, at)), bytes: Buffer.from(value.slice(at + 1), 'base64') };
    }
  }
}

/** What the user's own account wrote may still be damaged: not JSON is no answer, not an error. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
