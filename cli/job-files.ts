import type { EngineSession } from './engine-session.ts';
import { noBar, startProgressBar } from './progress-bar.ts';
import { describeLocalFile, receiveFile, receiveToOutput, sendFile } from './transfer/byte-copies.ts';
import { receiveFolder } from './transfer/unpack-folder.ts';

type Session = Pick<EngineSession, 'openStream' | 'interrupted'>;

/** Sends a file of this computer to the directory of a job; resolves with its size. */
export async function putFile(session: Session, id: string, file: string, path: string): Promise<number> {
  const about = await describeLocalFile(file);
  const bar = startProgressBar(path, about.size);
  try {
    const stream = await session.openStream('jobs.upload', { id, path, ...about });
    return await sendFile(file, stream, { bar, signal: session.interrupted });
  } finally {
    bar.end();
  }
}

/** Writes a file of a job here, under a temporary name until it is complete; `-`: to the output. */
export async function getFile(session: Session, id: string, path: string, target: string): Promise<number> {
  const stream = await session.openStream('jobs.download', { id, path, stat: true });
  const bar = target === '-' ? noBar : startProgressBar(path, stream.opened.file?.size ?? null);
  const copy = { bar, signal: session.interrupted };
  try {
    return await (target === '-'
      ? receiveToOutput(stream, copy)
      : receiveFile(stream, target, copy, { mode: stream.opened.file?.mode ?? 0o600 }));
  } finally {
    bar.end();
  }
}

/** Unpacks all files of a job in a folder here, which is made. */
export async function getAll(session: Session, id: string, folder: string): Promise<number> {
  const stream = await session.openStream('jobs.downloadArchive', { id });
  const bar = startProgressBar(folder, null);
  try {
    const { bytes } = await receiveFolder(stream, folder, { bar, signal: session.interrupted });
    return bytes;
  } finally {
    bar.end();
  }
}
