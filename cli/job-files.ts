import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteStream } from '../electron/client/byte-stream.ts';
import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineSession } from './engine-session.ts';
import { TransferProgress } from './transfer-progress.ts';

type Session = Pick<EngineSession, 'openStream' | 'interrupted'>;

/** Sends a file of this computer to the directory of a job; resolves with its size. */
export async function putFile(session: Session, id: string, file: string, path: string): Promise<number> {
  const { size, mode } = localFile(file);
  const stream = await session.openStream('jobs.upload', { id, path, size, mode: mode & 0o777 });
  stream.data.resume();
  const progress = new TransferProgress(path, size);
  await carry(
    stream,
    pipeline(createReadStream(file), counting(progress), stream.data, { signal: session.interrupted }),
  );
  const { bytes } = await stream.closed;
  progress.end();
  return bytes;
}

function localFile(file: string): { size: number; mode: number } {
  try {
    const found = statSync(file);
    if (found.isFile()) return found;
  } catch (cause) {
    const detail = AppError.from(cause).message;
    throw new AppError('not-found', message`${{ file }} cannot be read here.`, { detail, cause });
  }
  throw new AppError('bad-input', message`${{ file }} is no file.`, { hint: 'Give the files of a folder one by one.' });
}

/** Writes a file of a job here, under a temporary name until it is complete; `-`: to the output. */
export async function getFile(session: Session, id: string, path: string, target: string): Promise<number> {
  const stream = await session.openStream('jobs.download', { id, path });
  const progress = new TransferProgress(path, null);
  const receive = (into: Writable, end: boolean) =>
    carry(stream, pipeline(stream.data, counting(progress), into, { end, signal: session.interrupted }));
  if (target === '-') {
    await receive(process.stdout, false);
  } else {
    const temporary = `${target}.${process.pid}.part`;
    try {
      await receive(createWriteStream(temporary, { mode: 0o600 }), true);
      await stream.closed;
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
  }
  const { bytes } = await stream.closed;
  progress.end();
  return bytes;
}

/** Unpacks all files of a job in a folder here, which is made. */
export async function getAll(session: Session, id: string, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const stream = await session.openStream('jobs.downloadArchive', { id });
  const tar = spawn('tar', ['-xf', '-', '-C', folder], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(tar, 'close');
  const progress = new TransferProgress(folder, null);
  await carry(stream, pipeline(stream.data, counting(progress), tar.stdin, { signal: session.interrupted }));
  const [code] = await ended;
  if (code !== 0) throw new AppError('command-failed', message`${{ folder }} could not be written by tar.`);
  const { bytes } = await stream.closed;
  progress.end();
  return bytes;
}

/** Why the bytes ended is known best by the end of the stream. */
async function carry(stream: ByteStream<unknown, unknown>, bytes: Promise<void>): Promise<void> {
  try {
    await bytes;
  } catch (error) {
    await stream.closed;
    throw error;
  }
}

const counting = (progress: TransferProgress): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      progress.add(chunk.length);
      done(null, chunk);
    },
  });
