import { basename, dirname, join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { FolderSource, Inspection } from '../../shared/folders.ts';
import type { Connection } from '../ssh/types.ts';
import { lookAtGit } from './git.ts';
import { recognise } from './recognise-policy.ts';
import { lookAt, type Scan, scanFolder } from './scan.ts';
import { unpackZip } from './zip.ts';

const shownLeft = 50;

export interface InspectPlace {
  /** Where zips are unpacked. */
  unpacked: string;
  /** Of the cluster that clones a git address. */
  connect: () => Promise<{ connection: Connection; release(): void }>;
  signal?: AbortSignal;
}

/** The files of a source on this machine. @throws AppError `bad-input` for a git address, which the cluster clones */
export function scanSource(source: FolderSource, unpacked: string, signal?: AbortSignal): Promise<Scan> {
  if (source.kind === 'folder') return scanFolder(source.path, signal);
  if (source.kind === 'zip') return unpackZip(source.path, unpacked, signal).then((root) => scanFolder(root, signal));
  throw new AppError('bad-input', 'A git repository is cloned by the cluster.');
}

/** Looks at a source and says what it is, what would be sent, and what stays here. Sends nothing. */
export async function inspectSource(source: FolderSource, place: InspectPlace): Promise<Inspection> {
  if (source.kind === 'git') {
    const lease = await place.connect();
    try {
      const { commit, look, files, bytes } = await lookAtGit(lease.connection, source.url, source.commit, place.signal);
      const title = basename(source.url).replace(/\.git$/, '') || source.url;
      return {
        source: { ...source, commit },
        title,
        recognition: recognise(look),
        files,
        bytes,
        left: [],
        leftMore: 0,
      };
    } finally {
      lease.release();
    }
  }
  const scan = await scanSource(source, join(place.unpacked, 'look'), place.signal);
  return {
    source,
    title: titleOf(source.path),
    recognition: recognise(await lookAt(scan)),
    files: scan.files.length,
    bytes: scan.bytes,
    left: scan.left.slice(0, shownLeft),
    leftMore: Math.max(0, scan.left.length - shownLeft),
  };
}

/** A recipe's `files` is called by the recipe's name. */
function titleOf(path: string): string {
  const name = basename(path).replace(/\.zip$/i, '');
  return ((name === 'files' && basename(dirname(path))) || name || path).slice(0, 100);
}
