import { AppError } from '../../shared/errors.ts';
import { decodeName } from '../../shared/file-names.ts';
import type { FileInfo, FolderUsage } from '../../shared/files.ts';
import { shellPath, splitFields } from './paths.ts';

/**
 * Prints, each ended by NUL: the path, kind and whether it is a link, then size, time, mode and inode of what it leads to. GNU and
 * BusyBox know `stat -c`, BSD and macOS `stat -f`; others say no more than the kind.
 */
export function statScript(path: string): string {
  return `LC_ALL=C; export LC_ALL; p=${shellPath(path)}
[ -e "$p" ] || [ -L "$p" ] || { ls -d -- "$p" >/dev/null; exit 1; }
if [ -d "$p" ]; then t=d; elif [ -f "$p" ]; then t=f; else t=o; fi
y=; [ ! -L "$p" ] || y=l
s=$(stat -L -c '%s %.9Y %a %i' "$p" 2>/dev/null)
case $s in *[!0-9.\\ ]* | '') s=$(stat -L -c '%s %Y %a %i' "$p" 2>/dev/null || stat -L -f '%z %m %Lp %i' "$p" 2>/dev/null) ;; esac
printf '%s\\0%s\\0%s\\0' "$p" "$t$y" "$s"
`;
}

const kinds: Record<string, FileInfo['kind']> = { d: 'folder', f: 'file', o: 'other' };

/** What `statScript` printed. @throws AppError `command-failed` */
export function readStat(output: Uint8Array): FileInfo {
  const [path = new Uint8Array(), ...texts] = splitFields(output);
  const [type = '', facts = ''] = texts.map(String);
  const kind = kinds[type[0] ?? ''];
  if (kind === undefined) {
    throw new AppError('command-failed', 'The cluster did not say what a file is.', {
      detail: Buffer.from(output).toString().slice(0, 1000),
    });
  }
  const [, size, modified, mode, inode] = /^(\d+) (-?[\d.]+) ([0-7]+) (\d+)$/.exec(facts) ?? [];
  return {
    path: decodeName(path),
    kind,
    link: type.endsWith('l'),
    size: kind === 'file' && size !== undefined ? Number(size) : null,
    modified: modified === undefined ? null : Math.round(Number(modified) * 1000),
    mode: mode === undefined ? null : Number.parseInt(mode, 8) & 0o7777,
    version: kind === 'file' && facts !== '' ? `${size}-${modified}-${inode}` : null,
  };
}

/** Prints what a folder and each folder in it take, in KiB, and the exit code of du; of a file its own. */
export function usageScript(path: string): string {
  return `LC_ALL=C; export LC_ALL; p=${shellPath(path)}
if [ ! -d "$p" ]; then ls -d -- "$p" >/dev/null || exit 1; du -k -- "$p" | sed 's/[^0-9].*/\t./'; echo 'end 0'; exit 0; fi
cd -- "$p" || exit 1
if [ ! -r . ]; then echo "Permission denied" >&2; exit 1; fi
du -k -d 1 . 2>/dev/null
echo "end $?"
`;
}

/** What `usageScript` printed, the largest folder first; names of several lines are left out. */
export function readUsage(output: Uint8Array): FolderUsage {
  // Each byte as one character, since a name need not be text.
  const text = Buffer.from(output).toString('latin1');
  let bytes = 0;
  const folders: FolderUsage['folders'] = [];
  for (const line of text.split('\n')) {
    const [, kibibytes, name] = /^(\d+)\t\.(?:\/(.+))?$/.exec(line) ?? [];
    if (kibibytes === undefined) continue;
    if (name === undefined) bytes = Number(kibibytes) * 1024;
    else folders.push({ name: decodeName(Buffer.from(name, 'latin1')), bytes: Number(kibibytes) * 1024 });
  }
  folders.sort((one, other) => other.bytes - one.bytes);
  return { bytes, folders, complete: /^end 0$/m.test(text) };
}
