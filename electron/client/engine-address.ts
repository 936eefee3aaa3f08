import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineStatus } from '../shared/contract/engine.ts';

/** What a client needs to talk to an engine. */
export interface EngineEndpoint {
  /** A Unix socket, or a named pipe of Windows. */
  socket: string;
  /** The owner's, which proves that a client may read the file of the address, or that of another program. */
  token: string;
}

/** Where the running engine of a data directory is. Written by it alone, for its own user. */
export interface EngineAddress extends EngineEndpoint {
  version: string;
  host: EngineStatus['host'];
  pid: number;
}

export const engineAddressFile = (data: string): string => join(data, 'engine.json');
export const engineLogFile = (data: string): string => join(data, 'engine.log');

/** null: no engine has said where it is, or half of the file is written. */
export function readEngineAddress(data: string): EngineAddress | null {
  let text: string;
  try {
    text = readFileSync(engineAddressFile(data), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const address = parseJson(text);
  return isEngineAddress(address) ? address : null;
}

/** The address that an engine has written whose process lives; whether it answers shows when it is asked. */
export function findLiveEngine(data: string): EngineAddress | null {
  const address = readEngineAddress(data);
  return address && isAlive(address) ? address : null;
}

function isAlive({ pid }: EngineAddress): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** By hand, since every command would load zod for it. */
function isEngineAddress(value: unknown): value is EngineAddress {
  if (typeof value !== 'object' || value === null) return false;
  const { version, host, pid, socket, token }: Record<string, unknown> = { ...value };
  return [version, host, socket, token].every((field) => typeof field === 'string') && Number.isInteger(pid);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
