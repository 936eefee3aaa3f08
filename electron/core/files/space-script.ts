import type { FileSpace } from '../../shared/files.ts';
import { begin } from './change-scripts.ts';
import { shellPath } from './paths.ts';

/**
 * Prints, each ended by NUL: how full the disk of a path is, in KiB and in files; what the quota of the user is there: Lustre says so
 * by itself, others by `quota`, for all disks. What is not known is empty.
 */
export function spaceScript(path: string): string {
  return `${begin}; p=${shellPath(path)}
[ -e "$p" ] || { ls -d -- "$p" >/dev/null; exit 1; }
df -P -k -- "$p" 2>/dev/null | tail -n 1; printf '\\0'
df -P -i -- "$p" 2>/dev/null | tail -n 1; printf '\\0'
if command -v lfs >/dev/null 2>&1; then lfs quota -q -u "$(id -un)" "$p" 2>/dev/null; fi; printf '\\0'
if command -v quota >/dev/null 2>&1; then quota -w 2>/dev/null; fi; printf '\\0'
exit 0
`;
}

/** Size and what is free, of the last line of \`df -P\`: device, size, used, free, share, path. */
function readDisk(line: string): { device: string; total: number | null; free: number | null } {
  const [, device = '', total, free] = /^(\S+)\s+(\d+)\s+\d+\s+(\d+)\s+(?:\d+%|-)\s/.exec(line.trim()) ?? [];
  return { device, total: total === undefined ? null : Number(total), free: free === undefined ? null : Number(free) };
}

/**
 * Blocks, quota and limit, and the same of files. Between them is the time that is left while more than the quota is used, which
 * \`quota\` leaves out and Lustre writes as a dash. A star marks what is over its quota.
 */
function readQuota(line: string): FileSpace['quota'] {
  const columns = line.trim().split(/\s+/).slice(1);
  const isNumber = (text: string | undefined) => /^\d+\*?$/.test(text ?? '');
  if (!columns.slice(0, 3).every(isNumber)) return null;
  const after = columns.slice(isNumber(columns[3]) ? 3 : 4);
  if (after.length < 3 || !after.slice(0, 3).every(isNumber)) return null;
  const [blocks, softBlocks, hardBlocks] = columns.map((text) => Number.parseInt(text, 10));
  const [files, softFiles, hardFiles] = after.map((text) => Number.parseInt(text, 10));
  const limit = (soft = 0, hard = 0): number | null => soft || hard || null;
  const blockLimit = limit(softBlocks, hardBlocks);
  const filesLimit = limit(softFiles, hardFiles);
  if (blockLimit === null && filesLimit === null) return null;
  return {
    bytes: (blocks ?? 0) * 1024,
    bytesLimit: blockLimit === null ? null : blockLimit * 1024,
    files: files ?? 0,
    filesLimit,
  };
}

/** What `spaceScript` printed. */
export function readSpace(output: string): FileSpace {
  const [blocks = '', inodes = '', lustre = '', quotas = ''] = output.split('\0');
  const disk = readDisk(blocks);
  const files = readDisk(inodes);
  const ofDevice = quotas.split('\n').find((line) => disk.device !== '' && line.trim().startsWith(`${disk.device} `));
  const kibibytes = (count: number | null): number | null => (count === null ? null : count * 1024);
  return {
    total: kibibytes(disk.total),
    free: kibibytes(disk.free),
    // Some file systems make room for files as they need it, and say 0.
    filesTotal: files.total || null,
    filesFree: files.total ? files.free : null,
    quota: readQuota(lustre.replaceAll('\n', ' ')) ?? (ofDevice === undefined ? null : readQuota(ofDevice)),
  };
}
