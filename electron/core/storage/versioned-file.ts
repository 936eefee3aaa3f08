import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import type { Notice } from '../../shared/state.ts';

export interface VersionedFile<S extends z.ZodType> {
  path: string;
  version: number;
  schema: S;
  /** Upgrades data of version `index` to `index + 1`. */
  migrations?: readonly ((data: unknown) => unknown)[];
  /** What a user calls it, e.g. `settings`. */
  words: string;
}

const envelope = z.object({ version: z.number().int().min(0), data: z.unknown() });

/**
 * Reads a file of ours. Absent: null. Unreadable content: the file is set aside under a new name and a notice says so.
 * A file of a newer version is left alone and refused, so that an older app never destroys it.
 */
export function readVersioned<S extends z.ZodType>(
  file: VersionedFile<S>,
  now: number,
): { data: z.output<S> | null; notice: Notice | null } {
  if (!existsSync(file.path)) return { data: null, notice: null };
  let text: string;
  try {
    text = readFileSync(file.path, 'utf8');
  } catch (cause) {
    throw new AppError('storage', `The ${file.words} file ${file.path} cannot be read.`, {
      hint: 'Check its owner and permissions, then start again.',
      cause,
    });
  }
  try {
    const { version, data } = envelope.parse(JSON.parse(text));
    if (version > file.version) {
      throw new AppError('storage', `The ${file.words} file ${file.path} was written by a newer version of Tunel.`, {
        hint: 'Update Tunel, or move the file away to start afresh.',
      });
    }
    const upgraded = (file.migrations ?? []).slice(version).reduce<unknown>((old, migrate) => migrate(old), data);
    return { data: file.schema.parse(upgraded), notice: null };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { data: null, notice: setAside(file.path, file.words, now, error) };
  }
}

/** Renames what cannot be used, so that nothing is lost and the app starts. */
export function setAside(path: string, words: string, now: number, why: unknown): Notice {
  const kept = `${path}.unreadable-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
  renameSync(path, kept);
  const reason = why instanceof z.ZodError ? z.prettifyError(why) : why instanceof Error ? why.message : String(why);
  return {
    id: `set-aside:${basename(kept)}`,
    kind: 'warning',
    title: `The ${words} file could not be read`,
    text: `It was kept as ${kept}, and Tunel started without it. Reason: ${reason}`,
  };
}

/** Writes atomically: temp file in the same folder, synced, renamed; 0600. */
export function writeVersioned<S extends z.ZodType>(file: VersionedFile<S>, data: z.output<S>): void {
  const temp = join(dirname(file.path), `.${basename(file.path)}.${process.pid}.tmp`);
  try {
    mkdirSync(dirname(file.path), { recursive: true, mode: 0o700 });
    const fd = openSync(temp, 'w', 0o600);
    try {
      writeSync(fd, `${JSON.stringify({ version: file.version, data }, null, 2)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, file.path);
  } catch (cause) {
    throw new AppError('storage', `The ${file.words} could not be saved to ${file.path}.`, {
      hint: 'Check that the disk has space and the folder is yours.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
