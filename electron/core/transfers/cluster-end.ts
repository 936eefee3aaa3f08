import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { TransferOptions } from '../../shared/transfers.ts';
import { shellPath } from '../files/paths.ts';
import { type FileAction, fileError, fileProblemError } from '../ssh/sftp/file-errors.ts';
import type { Connection, RunOptions, RunResult } from '../ssh/types.ts';
import {
  blockScript,
  closeFoldersScript,
  finishScript,
  foldersByChange,
  HASH_MISSING,
  hashScript,
  KEPT_NEWER,
  linkScript,
  makeFoldersScript,
  readFields,
  removeStagingScript,
} from './change-scripts.ts';
import { readPairs } from './cluster-listing.ts';
import { readSmallThere, writeSmallThere } from './cluster-small.ts';
import { isLocalName } from './name-policy.ts';
import type { BlockRange } from './resume-policy.ts';
import {
  entryScript,
  LookReader,
  lookScript,
  NOT_ENTERED,
  NOTHING_THERE,
  readEntry,
  TreeReader,
  treeScript,
} from './tree-script.ts';
import type {
  FileEnd,
  FileTree,
  FinishOptions,
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

  async tree(path: string, links: TransferOptions['links'], signal: AbortSignal): Promise<FileTree> {
    const { node } = this.#connection;
    const reader = new TreeReader();
    const { code, said } = await readPairs(this.#connection, treeScript(path, links === 'follow'), reader.add, {
      signal,
    });
    const { files, unread, exitCode } = reader;
    if (code !== 0) throw this.#absent(code, said, path);
    // A find that was killed, say, has listed some of it.
    if (exitCode === null || exitCode > 1 || files.length === 0) throw fileError(said, node, path, 'read');
    const failures = unread.map((name) => {
      const failed = name === '' ? path : this.join(path, name);
      return { path: failed, error: fileProblemError('not-permitted', node, failed, 'read') };
    });
    // Finds other than GNU's try to read those folders, too.
    if (exitCode === 1 && failures.length === 0) failures.push({ path, error: listedPartly(node, path, said) });
    return { files: links === 'skip' ? files.filter(({ kind }) => kind !== 'link') : files, failures };
  }

  async stat(path: string, links: TransferOptions['links'], signal: AbortSignal): Promise<FoundFile | null> {
    const script = entryScript(path, links === 'follow');
    const { stdout, stderr, exitCode } = await this.#connection.run(script, { signal, timeoutMs: LIMIT_MS });
    if (exitCode === NOTHING_THERE) return null;
    const [line = '', link = ''] = stdout.split('\0');
    const found = exitCode === 0 ? readEntry(line, link) : null;
    if (!found) throw this.#absent(exitCode, stderr, path);
    return found;
  }

  async look(folders: readonly string[], signal: AbortSignal): Promise<Map<string, FoundFile>> {
    const [first] = folders;
    const reader = new LookReader();
    if (first === undefined) return reader.found;
    const { code, said } = await readPairs(this.#connection, lookScript, reader.add, {
      signal,
      stdin: listed(folders),
    });
    if (code !== 0) throw fileError(said, this.#connection.node, first, 'read');
    return reader.found;
  }

  #absent(exitCode: number | null, said: string, path: string): AppError {
    const { node } = this.#connection;
    if (exitCode === NOTHING_THERE) return fileProblemError('not-found', node, path, 'read');
    if (exitCode === NOT_ENTERED) return fileProblemError('not-permitted', node, path, 'read');
    return fileError(said, node, path, 'read');
  }

  async makeFolders(folders: readonly NewFolder[], signal: AbortSignal): Promise<Map<string, AppError>> {
    const paths = folders.map(({ path }) => path);
    const [first] = paths;
    if (first === undefined) return new Map();
    const options = { signal, timeoutMs: LONG_LIMIT_MS };
    const { stdout } = await this.#run(makeFoldersScript, first, 'made', { ...options, stdin: listed(paths) });
    const failed = readFields(stdout);
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
    return readFields(result.stdout);
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

  async finishPart(part: string, item: PlannedItem, { keepsNewer, signal }: FinishOptions): Promise<boolean> {
    const script = finishScript(part, item, keepsNewer);
    // A large file may take long to reach the disk.
    const result = await this.#connection.run(script, { signal, timeoutMs: LONG_LIMIT_MS });
    if (result.exitCode === KEPT_NEWER) return false;
    if (result.exitCode !== 0) throw fileError(result.stderr, this.#connection.node, item.target, 'written');
    return true;
  }

  async removeStaging(destination: string, transferId: string): Promise<void> {
    const script = removeStagingScript(destination, transferId);
    // With the connection gone they stay, under names that say what they are.
    await this.#connection.run(script, { timeoutMs: LIMIT_MS }).catch(() => undefined);
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

const listedPartly = (node: string, path: string, detail: string): AppError =>
  new AppError('command-failed', message`Some of ${{ path }} on ${{ node }} could not be listed.`, { detail });
