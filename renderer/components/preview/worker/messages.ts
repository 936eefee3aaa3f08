import type { SerializedError } from '../../../../electron/shared/errors.ts';

/** From the page to a worker that reads a file. */
export type ToWorker =
  | { kind: 'open'; size: number }
  | { kind: 'ask'; id: number; name: string; input: unknown }
  | { kind: 'part'; id: number; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'no-part'; id: number; error: SerializedError };

/** From such a worker to the page. */
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'read'; id: number; offset: number; length: number }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failed'; id: number; error: SerializedError };

/** Reads a part of the file; shorter where the file ends. Rejects with an AppError. */
export type ReadRange = (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

/** What a reader of a format can be asked. */
export type Questions = Record<string, (input: never) => Promise<unknown>>;
