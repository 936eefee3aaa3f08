import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { engineHosts } from '../shared/contract/engine.ts';

/** Where the running engine of a data directory is. Written by it alone, for its own user. */
export const engineAddressSchema = z.object({
  version: z.string(),
  host: z.enum(engineHosts),
  pid: z.number().int(),
  /** A Unix socket, or a named pipe of Windows. */
  socket: z.string(),
  /** Proves that a client may read this file, so that it is the owner. */
  token: z.string(),
});
export type EngineAddress = z.infer<typeof engineAddressSchema>;

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
  return engineAddressSchema.safeParse(parseJson(text)).data ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
