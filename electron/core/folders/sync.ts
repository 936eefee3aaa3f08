import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import type { SyncReport } from '../../shared/folders.ts';
import type { Progress } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { onAbort } from '../../shared/on-abort.ts';
import { directoryError } from '../instances/directory.ts';
import type { Connection } from '../ssh/types.ts';
import { lookThere, putInPlace, receiveScript } from './cluster-folder.ts';
import { withFolder } from './folder-lock.ts';
import { hashFiles } from './hashes.ts';
import { localError } from './local-error.ts';
import type { LocalFile, Scan } from './scan.ts';
import { describeSync, planSync, type SyncPlan } from './sync-policy.ts';

interface SyncInput {
  scan: Scan;
  connection: Pick<Connection, 'run' | 'openCommand'>;
  /** On the cluster. */
  directory: string;
  /** Where what was read of the files here is kept. */
  hashes: string;
  /** Who sends (folder-lock.ts). */
  owner: string;
  /** Looks at somebody else's lock before it is taken over; default 60, one a second. */
  patience?: number;
  progress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

type SyncResult = Omit<SyncReport, 'clusterId' | 'at'>;

/**
 * Makes the folder on the cluster what it is here, sending only what changed. Cut off, what arrived stays for the next time.
 * @throws AppError `no-space`, `read-only`, `not-permitted`, `conflict` (a file changed meanwhile, or the folder was taken over),
 * `cancelled`
 */
export async function syncFolder(input: SyncInput): Promise<SyncResult> {
  const { scan, connection, directory, owner, patience, progress, signal } = input;
  const comparing = { fraction: null, text: `Comparing ${scan.files.length} files` };
  progress?.(comparing);
  const local = await hashFiles(scan.files, input.hashes, signal);
  const waiting = () => progress?.({ fraction: null, text: 'Waiting for another window or computer that sends it' });
  return withFolder(connection, directory, { owner, patience, signal, waiting }, async (held) => {
    progress?.(comparing);
    const there = await lookThere(connection, directory, held.signal);
    const plan = planSync({ local, ...there });
    const byName = new Map(scan.files.map((file) => [file.name, file]));
    const files = plan.send.flatMap((name) => byName.get(name) ?? []);
    const sentBytes = await send({ ...input, signal: held.signal }, plan, files);
    throwIfAborted(held.signal);
    const isChanged =
      plan.send.length + plan.keep.length + plan.remove.length + plan.chmod.length > 0 || there.manifest === null;
    if (isChanged) await putInPlace(connection, directory, plan, there.seen, held);
    const result = {
      files: scan.files.length,
      bytes: scan.bytes,
      sentFiles: files.length,
      sentBytes,
      keptFiles: plan.keep.length,
      removedFiles: plan.remove.length,
    };
    return { ...result, text: describeSync(result) };
  });
}

/** One tar stream over one command. @returns bytes of contents */
async function send(input: SyncInput, plan: SyncPlan, files: readonly LocalFile[]): Promise<number> {
  if (files.length === 0) return 0;
  const { connection, directory, progress, signal } = input;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const command = await connection.openCommand(receiveScript(directory), { signal });
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal?.reason)));
  command.resume();
  const stream = pack();
  // The promises below report how either of them ends.
  for (const end of [command, stream]) end.on('error', () => undefined);
  let sent = 0;
  let reported = 0;
  const count = (bytes: number) => {
    sent += bytes;
    if (sent - reported < total / 100 && sent < total) return;
    reported = sent;
    progress?.({ fraction: total === 0 ? null : sent / total, text: `Sent ${sent} of ${total} bytes` });
  };
  try {
    stream.pipe(command);
    const packed = packAll(stream, plan, files, count).catch((error: unknown) => {
      command.destroy(AppError.from(error));
      throw error;
    });
    const done = Promise.all([packed, finished(command as Writable, { readable: false })]);
    done.catch(() => undefined);
    const [end] = await Promise.all([command.ended, done.catch(() => null)]);
    throwIfAborted(signal);
    if (end.code !== 0) {
      // What the command wrote to stderr says more than that the stream broke.
      if (end.code !== null) throw directoryError({ stderr: command.said, exitCode: end.code }, directory);
      await done;
      throw new AppError('connection-lost', 'The connection ended while files were sent.', {
        hint: 'Launch again: what arrived is not sent a second time.',
      });
    }
    await done;
    return sent;
  } finally {
    forget();
    stream.destroy();
    command.destroy();
  }
}

async function packAll(stream: Pack, plan: SyncPlan, files: readonly LocalFile[], count: (bytes: number) => void) {
  for (const file of files) {
    const planned = plan.manifest.files[file.name];
    if (!planned) throw new AppError('internal', message`${{ name: file.name }} is not in the plan.`);
    const sha256 = await packOne(stream, file, planned.mtime, count);
    // Saved between reading and sending: what was sent is what counts.
    plan.manifest.files[file.name] = { ...planned, sha256 };
  }
  stream.finalize();
}

function packOne(stream: Pack, file: LocalFile, mtime: number, count: (bytes: number) => void): Promise<string> {
  const { name, path, size, mode } = file;
  const hash = createHash('sha256');
  return new Promise((resolve, reject) => {
    const header = { name, size, mode, mtime: new Date(mtime * 1000), type: 'file' as const };
    const over = (error?: Error | null) => {
      if (error) reject(localError(name, error));
      else resolve(hash.digest('hex'));
    };
    if (size === 0) {
      stream.entry(header, '', over);
      return;
    }
    const entry = stream.entry(header, over);
    entry.on('error', over);
    entry.on('close', () => source.destroy());
    const source = createReadStream(path, { start: 0, end: size - 1 });
    source.on('data', (chunk) => {
      hash.update(chunk);
      count(chunk.length);
    });
    source.on('error', (error) => {
      entry.destroy(error);
      reject(localError(name, error));
    });
    source.pipe(entry);
  });
}
