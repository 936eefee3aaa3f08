import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, rename, rm, stat, utimes } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteStream } from '../../electron/client/byte-stream.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { countedBy, type ProgressBar } from '../progress-bar.ts';
import { localFileError } from './local-file-error.ts';

type CopyStream = ByteStream<unknown, { bytes: number }>;

export interface CopyOptions {
  bar: ProgressBar;
  /** Ctrl-C. */
  signal: AbortSignal;
}

interface WrittenFile {
  /** As in chmod; what the umask forbids is left out. */
  mode?: number;
  /** Epoch ms. */
  modified?: number;
}

/** A file that is not complete has another name, beside the one it gets. */
export const partOf = (file: string): string => `${file}.${process.pid}.tunel-part`;

/** Writes a stream of the engine to a file here, which appears under its name when it is complete. @throws AppError */
export async function receiveFile(
  stream: CopyStream,
  file: string,
  options: CopyOptions,
  { mode = 0o666, modified }: WrittenFile = {},
): Promise<number> {
  const part = partOf(file);
  try {
    await carry(stream, file, options, createWriteStream(part, { mode: 0o600 }));
    const { bytes } = await stream.closed;
    await chmod(part, mode & 0o777 & ~process.umask());
    if (modified !== undefined) await utimes(part, modified / 1000, modified / 1000);
    await rename(part, file);
    return bytes;
  } finally {
    await rm(part, { force: true });
  }
}

/** Writes a stream of the engine to the output of this command. @throws AppError */
export async function receiveToOutput(stream: CopyStream, options: CopyOptions): Promise<number> {
  await carry(stream, 'the output', options, process.stdout);
  return (await stream.closed).bytes;
}

async function carry(stream: CopyStream, file: string, { bar, signal }: CopyOptions, into: Writable): Promise<void> {
  const end = into !== process.stdout;
  try {
    await pipeline(stream.data, countedBy(bar), into, { end, signal });
  } catch (error) {
    throw await reasonOf(error, stream, file, signal);
  }
}

/** Sends a file of this computer; the engine gives it its name there when it is complete. @throws AppError */
export async function sendFile(file: string, stream: CopyStream, { bar, signal }: CopyOptions): Promise<number> {
  stream.data.resume();
  try {
    await pipeline(createReadStream(file), countedBy(bar), stream.data, { signal });
    return (await stream.closed).bytes;
  } catch (error) {
    throw await reasonOf(error, stream, file, signal);
  }
}

/** Why a copy ended: Ctrl-C, a file here, or else what the end of the stream says. */
export async function reasonOf(
  error: unknown,
  stream: CopyStream,
  file: string,
  signal: AbortSignal,
): Promise<AppError> {
  // It ends in any case, and nobody else may wait for it.
  const ended = stream.closed.then(
    () => null,
    (reason: unknown) => AppError.from(reason),
  );
  if (signal.aborted) return new AppError('cancelled', 'Interrupted.');
  return localFileError(error, file) ?? (await ended) ?? AppError.from(error);
}

/** What is to be sent. @throws AppError where it is no file that can be read */
export async function describeLocalFile(file: string): Promise<{ size: number; mode: number }> {
  const found = await stat(file).catch((cause: unknown) => {
    throw localFileError(cause, file) ?? AppError.from(cause);
  });
  if (found.isFile()) return { size: found.size, mode: found.mode & 0o777 };
  throw new AppError('bad-input', `${file} is no file.`, { hint: 'Give the files of a folder one by one.' });
}
