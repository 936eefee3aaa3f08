import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { quote } from '../../shared/shell-quote.ts';
import { shellPath } from '../files/paths.ts';
import { type FileAction, fileError } from '../ssh/sftp/file-errors.ts';
import type { Connection, RunOptions, RunResult } from '../ssh/types.ts';
import {
  blockScript,
  closeFoldersScript,
  finishScript,
  foldersByChange,
  HASH_MISSING,
  hashScript,
  linkScript,
  makeFoldersScript,
  readPairs,
} from './change-scripts.ts';
import { readSmallThere, writeSmallThere } from './cluster-small.ts';
import { isLocalName } from './name-policy.ts';
import type { BlockRange } from './resume-policy.ts';
import { lookScript, readFindErrors, readLook, readTree, treeScript } from './tree-script.ts';
import type {
  FileEnd,
  FileTree,
  FoundFile,
  NewFolder,
  PlannedItem,
  SmallFile,
  SmallTarget,
  WriteOptions,
} from './types.ts';

const LIMIT_MS = 60_000;
/** For what goes through all of a folder. */
const LONG_LIMIT_MS = 30 * 60_000;
/** Of a list of files; about a million of them. */
const MOST_LIST_BYTES = 256 * 1024 * 1024;
/** Read ahead of whoever writes the bytes elsewhere. */
const HELD_BYTES = 4 * 1024 * 1024;

/** The files of a cluster, over one connection. */
export class ClusterEnd implements FileEnd {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async resolve(path: string, signal: AbortSignal): Promise<string> {
    const { stdout } = await this.#run(`printf '%s.' ${shellPath(path)}`, path, 'read', { signal });
    return stdout.slice(0, -1).replace(/(?<=.)\/+$/, '');
  }

  join(folder: string, name: string): string {
    return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
  }

  baseName(path: string): string {
    return path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  }

  isName(name: string): boolean {
    return isLocalName(name, 'linux');
  }

  identity(path: string): string {
    return path;
  }

  async tree(path: string, links: 'keep' | 'follow' | 'skip', signal: AbortSignal): Promise<FileTree> {
    const { stdout, stderr, exitCode } = await this.#connection.run(treeScript(path, links === 'follow'), {
      signal,
      timeoutMs: LONG_LIMIT_MS,
      maxBytes: MOST_LIST_BYTES,
    });
    const found = readTree(stdout);
    const failures = readFindErrors(stderr).map((failed) => ({
      path: failed.path,
      error: fileError(failed.message, this.#connection.node, failed.path, 'read'),
    }));
    // A find that was killed, say, has listed some of it and gives no reason.
    if (exitCode !== 0 && (found.length === 0 || failures.length === 0)) {
      throw fileError(stderr, this.#connection.node, path, 'read');
    }
    return { files: links === 'skip' ? found.filter(({ kind }) => kind !== 'link') : found, failures };
  }

  async look(folders: readonly string[], signal: AbortSignal): Promise<Map<string, FoundFile>> {
    if (folders.length === 0) return new Map();
    const { stdout } = await this.#run(lookScript, folders[0] ?? '', 'read', {
      signal,
      stdin: listed(folders),
      timeoutMs: LONG_LIMIT_MS,
      maxBytes: MOST_LIST_BYTES,
    });
    return readLook(stdout);
  }

  async makeFolders(folders: readonly NewFolder[], signal: AbortSignal): Promise<Map<string, AppError>> {
    const paths = folders.map(({ path }) => path);
    const [first] = paths;
    if (first === undefined) return new Map();
    const options = { signal, timeoutMs: LONG_LIMIT_MS };
    const { stdout } = await this.#run(makeFoldersScript, first, 'made', { ...options, stdin: listed(paths) });
    const failed = readPairs(stdout);
    const made = folders.filter(({ path }) => !failed.has(path));
    for (const [change, some] of foldersByChange(made)) {
      await this.#run(closeFoldersScript(change), some[0] ?? first, 'changed', { ...options, stdin: listed(some) });
    }
    return new Map([...failed].map(([path, why]) => [path, fileError(why, this.#connection.node, path, 'made')]));
  }

  async hashes(paths: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
    if (paths.length === 0) return new Map();
    const options = { signal, stdin: listed(paths), timeoutMs: LONG_LIMIT_MS, maxBytes: MOST_LIST_BYTES };
    const result = await this.#connection.run(hashScript, options);
    if (result.exitCode === HASH_MISSING) {
      throw new AppError('command-missing', message`${{ node: this.#connection.node }} has no program for checksums.`, {
        hint: 'It needs sha256sum, shasum or openssl. Copy without checking the content.',
      });
    }
    return readPairs(result.stdout);
  }

  async blockHashes(path: string, range: BlockRange, signal: AbortSignal): Promise<string[]> {
    const { stdout } = await this.#connection.run(blockScript(path, range), { signal, timeoutMs: LONG_LIMIT_MS });
    return stdout.split('\n').filter((line) => line !== '');
  }

  async makeLink(part: string, item: PlannedItem, signal: AbortSignal): Promise<void> {
    await this.#run(linkScript(part, item), item.target, 'written', { signal });
  }

  /** It is in place when all of it is, so a loss costs as much; some go at a time. */
  readonly smallBatch = 640 * 1024;

  readSmall(
    items: readonly PlannedItem[],
    options: { follows: boolean; signal: AbortSignal },
  ): AsyncIterable<SmallFile> {
    return readSmallThere(this.#connection, items, options);
  }

  writeSmall(files: AsyncIterable<SmallFile>, target: SmallTarget): AsyncIterable<PlannedItem> {
    return writeSmallThere(this.#connection, files, target);
  }

  async *read(path: string, { offset, end }: { offset: number; end: number }, signal: AbortSignal) {
    if (end <= offset) return;
    const held = new PassThrough({ highWaterMark: HELD_BYTES });
    held.on('error', () => undefined);
    const leaving = new AbortController();
    const write = async (chunk: Uint8Array) => {
      if (!held.write(chunk)) await once(held, 'drain', { signal: leaving.signal });
    };
    const life = AbortSignal.any([signal, leaving.signal]);
    this.#connection.download(path, write, { offset, maxBytes: end - offset, signal: life }).then(
      () => held.end(),
      (error: unknown) => held.destroy(AppError.from(error)),
    );
    try {
      for await (const chunk of held) yield chunk as Uint8Array;
    } finally {
      leaving.abort(new AppError('cancelled', 'The reader has gone.'));
      held.destroy();
    }
  }

  async writePart(part: string, source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<void> {
    const { offset, onWritten, size, signal } = options;
    await this.#connection.upload(part, source, {
      mode: 0o600,
      size: size - offset,
      part: { offset, onWritten },
      signal,
    });
  }

  async finishPart(part: string, item: PlannedItem, signal: AbortSignal): Promise<void> {
    // A large file may take long to reach the disk.
    await this.#run(finishScript(part, item), item.target, 'written', { signal, timeoutMs: LONG_LIMIT_MS });
  }

  async removePart(part: string): Promise<void> {
    // With the connection gone it stays, under a name that says what it is.
    await this.#connection.run(`rm -f -- ${quote(part)}`, { timeoutMs: LIMIT_MS }).catch(() => undefined);
  }

  async #run(script: string, path: string, doing: FileAction, options: RunOptions): Promise<RunResult> {
    const result = await this.#connection.run(script, { timeoutMs: LIMIT_MS, ...options });
    if (result.exitCode !== 0) throw fileError(result.stderr, this.#connection.node, path, doing);
    return result;
  }
}

const listed = (paths: readonly string[]): Uint8Array => Buffer.from(paths.map((path) => `${path}\0`).join(''));
