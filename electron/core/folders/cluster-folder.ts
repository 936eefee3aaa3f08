import { AppError } from '../../shared/errors.ts';
import { quote, quoteAll } from '../../shared/shell-quote.ts';
import { directoryError } from '../instances/directory.ts';
import type { Shell } from '../ssh/types.ts';
import { type HeldFolder, LOST, lostError } from './folder-lock.ts';
import { type Manifest, manifestSchema, type SeenFile, type SyncPlan } from './sync-policy.ts';

/** What touches `~/.tunel/folders/<id>` on a cluster. Each function is one script. */

export const folderDirectory = (home: string, id: string): string => `${home.replace(/\/+$/, '')}/.tunel/folders/${id}`;

const MAX_LISTING = 64 * 1024 * 1024;
const BATCH = 200;

interface ClusterFolder {
  manifest: Manifest | null;
  /** As they are now. */
  seen: Map<string, SeenFile>;
  /** As they were when the last synchronisation ended: a file system may not keep the times that tar gives. */
  placed: Map<string, SeenFile>;
  /** What an attempt that was cut off left: name -> sha256. */
  arrived: Map<string, string>;
}

/** A record for each file: what it is a record of, size, time, bits, name. */
const listing = (mark: string): string =>
  `find tree -name node_modules -prune -o -type f -printf '${mark} %s %T@ %m %P\\0'`;

/** Lists what is in the folder, under its lock. */
export async function lookThere(shell: Shell, directory: string, signal?: AbortSignal): Promise<ClusterFolder> {
  const script = `umask 077
LC_ALL=C
export LC_ALL
d=${quote(directory)}
cd "$d" || exit 3
[ ! -f manifest ] || cat manifest
printf '\\n'
[ ! -f placed ] || cat placed
${listing('t')} || exit 4
[ ! -d incoming ] || find incoming -type f -exec sha256sum -z {} + || exit 4
`;
  const result = await shell.run(script, { signal, maxBytes: MAX_LISTING, timeoutMs: 120_000 });
  if (result.exitCode === 4) {
    throw new AppError(
      'command-missing',
      'The cluster cannot list the files of a folder: GNU find or sha256sum is missing.',
      {
        hint: 'Folders need a Linux cluster with the usual GNU tools.',
        detail: result.stderr.trim(),
      },
    );
  }
  if (result.exitCode !== 0) throw directoryError(result, directory);
  const end = result.stdout.indexOf('\n');
  return { manifest: readManifest(result.stdout.slice(0, end)), ...readListing(result.stdout.slice(end + 1)) };
}

/** What cannot be read counts as nothing: the files are then sent again. */
function readManifest(text: string): Manifest | null {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function readListing(text: string): Pick<ClusterFolder, 'seen' | 'placed' | 'arrived'> {
  const seen = new Map<string, SeenFile>();
  const placed = new Map<string, SeenFile>();
  const arrived = new Map<string, string>();
  for (const record of text.split('\0')) {
    const file = /^([tp]) (\d+) (\d+(?:\.\d+)?) (\d+) ([\s\S]+)$/.exec(record);
    if (file?.[5] !== undefined) {
      const [, mark, size, mtime = '', mode = ''] = file;
      const list = mark === 't' ? seen : placed;
      list.set(file[5], { size: Number(size), mtime, mode: Number.parseInt(mode, 8) });
      continue;
    }
    const coming = /^([0-9a-f]{64}) [ *]incoming\/([\s\S]+)$/.exec(record);
    if (coming?.[1] && coming[2]) arrived.set(coming[2], coming[1]);
  }
  return { seen, placed, arrived };
}

/**
 * Takes a tar stream on its stdin. A file that was cut off shows by its content and is sent again. Files get the time of
 * their arrival, as from git: what looks for newer files there (a reload, Python's caches) sees each change.
 */
export const receiveScript = (directory: string): string => `umask 077
LC_ALL=C
export LC_ALL
mkdir -p ${quote(`${directory}/incoming`)} && cd ${quote(`${directory}/incoming`)} || exit 3
tar -xpmf - && exit 0
code=$?
# Of a full disk tar may only say that it wrote less than it wanted. What arrived would keep it full.
if ! head -c 65536 /dev/zero >.space; then cd .. && rm -rf incoming; fi
rm -f .space
exit "$code"
`;

/**
 * Moves what arrived to its final name, each file by a rename, removes what is gone here, and writes the manifest last.
 * Cut off in between it leaves whole files only, and the next synchronisation finishes it.
 */
export async function putInPlace(
  shell: Shell,
  directory: string,
  plan: SyncPlan,
  seen: ReadonlyMap<string, SeenFile>,
  held: HeldFolder,
): Promise<void> {
  const steps = [...removals(plan.remove), ...moves([...plan.send, ...plan.keep], seen), ...modes(plan)];
  const manifest = JSON.stringify(plan.manifest);
  const script = `umask 077
cd ${quote(directory)} || exit 3
${held.check}
${steps.map((step) => `${step} || exit 3\n`).join('')}cat >.manifest.new && ${listing('p')} >.placed.new || exit 3
mv -f .placed.new placed && mv -f .manifest.new manifest && rm -rf incoming || exit 3
`;
  const result = await shell.run(script, {
    signal: held.signal,
    stdin: Buffer.from(manifest),
    timeoutMs: 300_000,
  });
  if (result.exitCode === LOST) throw lostError();
  if (result.exitCode !== 0) throw directoryError(result, directory);
}

function removals(names: readonly string[]): string[] {
  const folders = [...new Set(names.map(folderOf))]
    .filter((folder) => folder !== '')
    .sort((a, b) => b.length - a.length);
  return [
    ...batches(names.map((name) => `tree/${name}`)).map((batch) => `rm -f -- ${batch}`),
    // What else is in there is the app's own.
    ...folders.map((folder) => `(cd tree && rmdir -p -- ${quote(folder)} 2>/dev/null || :)`),
  ];
}

function moves(names: readonly string[], seen: ReadonlyMap<string, SeenFile>): string[] {
  const byFolder = new Map<string, string[]>();
  for (const name of names) {
    const folder = folderOf(name);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), name]);
  }
  const folders = new Set([...seen.keys()].flatMap((name) => parents(name)));
  return [...byFolder].flatMap(([folder, inside]) => {
    const target = `tree/${folder}`;
    const make = parents(`${folder}/x`)
      .filter((parent) => seen.has(parent))
      .map((parent) => `rm -f -- ${quote(`tree/${parent}`)}`);
    const plain = inside.filter((name) => !folders.has(name));
    const overFolders = inside.filter((name) => folders.has(name));
    return [
      ...make,
      `mkdir -p -- ${quote(target)}`,
      ...batches(plain.map((name) => `incoming/${name}`)).map((batch) => `mv -f -- ${batch} ${quote(target)}`),
      ...overFolders.map((name) => `mv -fT -- ${quote(`incoming/${name}`)} ${quote(`tree/${name}`)}`),
    ];
  });
}

function modes({ chmod, keep, manifest }: SyncPlan): string[] {
  const byMode = new Map<number, string[]>();
  for (const name of [...chmod, ...keep]) {
    const mode = manifest.files[name]?.mode ?? 0o600;
    byMode.set(mode, [...(byMode.get(mode) ?? []), `tree/${name}`]);
  }
  return [...byMode].flatMap(([mode, names]) => batches(names).map((batch) => `chmod ${mode.toString(8)} -- ${batch}`));
}

const folderOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

/** `a/b/c` -> `a`, `a/b`. */
function parents(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/')).filter((parent) => parent !== '');
}

function batches(names: readonly string[]): string[] {
  const all: string[] = [];
  for (let at = 0; at < names.length; at += BATCH) all.push(quoteAll(names.slice(at, at + BATCH)));
  return all;
}

/** Puts the folder's files into the directory of a launch whose job does not see them; does nothing the second time. */
export async function archiveTree(shell: Shell, directory: string, archive: string, held: HeldFolder): Promise<void> {
  const part = quote(`${archive}.part`);
  const script = `umask 077
[ ! -f ${quote(archive)} ] || exit 0
cd ${quote(directory)} || exit 3
${held.check}
tar -C tree -cf ${part} . && mv -f ${part} ${quote(archive)} || { rm -f ${part}; exit 3; }
`;
  const result = await shell.run(script, { signal: held.signal, timeoutMs: 600_000 });
  if (result.exitCode === LOST) throw lostError();
  if (result.exitCode !== 0) throw directoryError(result, archive);
}
