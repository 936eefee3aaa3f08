import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode, storageError } from '../../client/storage-error.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Notice } from '../../shared/state.ts';
import { withFolderLock } from './file-lock.ts';

export interface VersionedFile<S extends z.ZodType> {
  path: string;
  version: number;
  schema: S;
  /** Upgrades data of version `index` to `index + 1`. */
  migrations?: readonly ((data: unknown) => unknown)[];
  /** What a user calls it, e.g. `settings`. */
  name: string;
  /** The entries that can be used of data that as a whole cannot, with what `lastValid` knows of the others. */
  salvage?: (data: unknown, lastValid: z.output<S> | null) => z.output<S> | null;
}

/** `invalid`: `data` is what could be used of it, or null. */
type FileContent<T> =
  | { status: 'absent'; data: null }
  | { status: 'valid'; data: T }
  | { status: 'invalid'; data: T | null; reason: string };

const envelope = z.object({ version: z.number().int().min(0), data: z.unknown() });

/**
 * Reads a file and changes nothing.
 * @throws AppError `storage` for a file of a newer version, which an older app must not overwrite
 */
export function parseVersioned<S extends z.ZodType>(
  file: VersionedFile<S>,
  lastValid: z.output<S> | null = null,
): FileContent<z.output<S>> {
  const text = readText(file);
  if (text === null) return { status: 'absent', data: null };
  let upgraded: unknown;
  try {
    upgraded = upgrade(file, envelope.parse(JSON.parse(text)));
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { status: 'invalid', data: null, reason: explain(error) };
  }
  const parsed = file.schema.safeParse(upgraded);
  if (parsed.success) return { status: 'valid', data: parsed.data };
  return { status: 'invalid', data: file.salvage?.(upgraded, lastValid) ?? null, reason: explain(parsed.error) };
}

/** As `parseVersioned`, but invalid content is renamed, so that the next write destroys nothing. */
export function readVersioned<S extends z.ZodType>(
  file: VersionedFile<S>,
  now: number,
): { data: z.output<S> | null; notice: Notice | null } {
  const content = parseVersioned(file);
  const notice = content.status === 'invalid' ? keepUnreadable(file.path, file.name, now, content.reason) : null;
  return { data: content.data, notice };
}

/**
 * Applies a change to what the file holds now, which another process or an editor may have written, and saves the result.
 * Where that cannot be used it is renamed, and the change applies to `lastValid`. What `change` throws leaves all as it is.
 */
export function updateVersioned<S extends z.ZodType>(
  file: VersionedFile<S>,
  now: number,
  change: (current: z.output<S> | null) => z.output<S>,
  lastValid: z.output<S> | null = null,
): { data: z.output<S>; notice: Notice | null } {
  return withFolderLock(file.path, () => {
    const content = parseVersioned(file, lastValid);
    const data = file.schema.parse(change(content.data ?? lastValid));
    const notice = content.status === 'invalid' ? keepUnreadable(file.path, file.name, now, content.reason) : null;
    writeVersioned(file, data);
    return { data, notice };
  });
}

/** Renames what cannot be used, so that nothing is lost. */
export function keepUnreadable(path: string, name: string, now: number, reason: string): Notice {
  const kept = `${path}.unreadable-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
  try {
    renameSync(path, kept);
  } catch (cause) {
    throw storageError(path, cause);
  }
  return {
    id: `kept:${basename(kept)}`,
    code: 'file-kept',
    kind: 'warning',
    title: `The ${name} file could not be read`,
    text: `It was kept as ${kept}, and Tunel goes on without what is wrong in it. Reason: ${reason}`,
    values: { file: path, kept, reason },
  };
}

/** Writes atomically: temp file in the same folder, synced, renamed; 0600. */
function writeVersioned<S extends z.ZodType>(file: VersionedFile<S>, data: z.output<S>): void {
  const temp = join(dirname(file.path), `.${basename(file.path)}.${process.pid}.tmp`);
  try {
    const fd = openSync(temp, 'w', 0o600);
    try {
      writeSync(fd, `${JSON.stringify({ version: file.version, data }, null, 2)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, file.path);
  } catch (cause) {
    rmSync(temp, { force: true });
    throw storageError(file.path, cause);
  }
}

function readText({ path }: VersionedFile<z.ZodType>): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw storageError(path, cause);
  }
}

function upgrade(file: VersionedFile<z.ZodType>, { version, data }: z.infer<typeof envelope>): unknown {
  if (version <= file.version) {
    return (file.migrations ?? []).slice(version).reduce<unknown>((old, migrate) => migrate(old), data);
  }
  throw new AppError(
    'storage',
    message`The ${{ name: file.name }} file ${{ path: file.path }} was written by a newer version of Tunel.`,
    { hint: 'Update Tunel, or move the file away to start afresh.' },
  );
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
