import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { FolderSource, Inspection } from '../../shared/folders.ts';
import type { Connection } from '../ssh/types.ts';
import { lookAtGit } from './git.ts';
import { recognise } from './recognise-policy.ts';
import { lookAt, type Scan, scanFolder } from './scan.ts';
import { unpackZip } from './zip.ts';

const shownLeft = 50;

interface InspectOptions {
  /** Where zips are unpacked. */
  unpacked: string;
  /** Of the cluster that clones a git address. */
  connect: () => Promise<{ connection: Connection; release(): void }>;
  /** That cluster's own lines for bash. */
  environment: string;
  signal?: AbortSignal;
}

/**
 * Works with the files of a source on this machine. A zip is unpacked below `unpacked` for as long.
 * @throws AppError `bad-input` for a git address, which the cluster clones
 */
export async function withSource<T>(
  source: FolderSource,
  unpacked: string,
  signal: AbortSignal | undefined,
  work: (scan: Scan) => Promise<T>,
): Promise<T> {
  if (source.kind === 'folder') return work(await scanFolder(source.path, signal));
  if (source.kind === 'git') throw new AppError('bad-input', 'A git repository is cloned by the cluster.');
  const target = join(unpacked, randomBytes(6).toString('hex'));
  try {
    return await work(await scanFolder(await unpackZip(source.path, target, signal), signal));
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

/** Looks at a source and says what it is, what would be sent, and what stays here. Sends nothing. */
export async function inspectSource(source: FolderSource, options: InspectOptions): Promise<Inspection> {
  if (source.kind === 'git') {
    const lease = await options.connect();
    try {
      const { commit, look, files, bytes } = await lookAtGit(
        lease.connection,
        source,
        options.environment,
        options.signal,
      );
      const title = basename(source.url).replace(/\.git$/, '') || source.url;
      return {
        source: { ...source, commit },
        title,
        ...recognise(look),
        files,
        bytes,
        left: [],
        leftMore: 0,
      };
    } finally {
      lease.release();
    }
  }
  return withSource(source, options.unpacked, options.signal, async (scan) => ({
    source,
    title: titleOf(source.path),
    ...recognise(await lookAt(scan), source.path),
    files: scan.files.length,
    bytes: scan.bytes,
    left: scan.left.slice(0, shownLeft),
    leftMore: Math.max(0, scan.left.length - shownLeft),
  }));
}

/** A recipe's `files` is called by the recipe's name. */
function titleOf(path: string): string {
  const name = basename(path).replace(/\.zip$/i, '');
  return ((name === 'files' && basename(dirname(path))) || name || path).slice(0, 100);
}
