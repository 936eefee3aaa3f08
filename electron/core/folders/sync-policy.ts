import { z } from 'zod';
import type { SyncReport } from '../../shared/folders.ts';

/** One file as we sent it. `mtime` in whole seconds, as tar and every file system keep it. */
const manifestFileSchema = z.object({
  size: z.number(),
  mtime: z.number(),
  mode: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestFile = z.infer<typeof manifestFileSchema>;

/** Name -> file; on the cluster beside the files, written last. */
export const manifestSchema = z.object({ version: z.literal(1), files: z.record(z.string(), manifestFileSchema) });
export type Manifest = z.infer<typeof manifestSchema>;

/** A file on the cluster as its file system has it now. */
export interface SeenFile {
  size: number;
  /** As the cluster printed it, to whatever part of a second it keeps. */
  mtime: string;
  mode: number;
}

export interface SyncPlan {
  send: string[];
  /** Whole there from an attempt that was cut off: only to be moved to its place. */
  keep: string[];
  /** Sent once, gone here. What the app itself made there is never among them. */
  remove: string[];
  /** The content is right, the bits are not. */
  chmod: string[];
  /** What the manifest says when all is done. */
  manifest: Manifest;
}

interface SyncInput {
  local: ReadonlyMap<string, ManifestFile>;
  /** null: nothing of ours is there. */
  manifest: Manifest | null;
  /** Files in their place. */
  seen: ReadonlyMap<string, SeenFile>;
  /** The same when the last synchronisation ended. */
  placed: ReadonlyMap<string, SeenFile>;
  /** Files an earlier attempt left on their way, by content. */
  arrived: ReadonlyMap<string, string>;
}

/** What must happen so that the cluster has what is here. A file that somebody changed there is sent again. */
export function planSync({ local, manifest, seen, placed, arrived }: SyncInput): SyncPlan {
  const plan: SyncPlan = { send: [], keep: [], remove: [], chmod: [], manifest: { version: 1, files: {} } };
  const known = manifest?.files ?? {};
  for (const [name, file] of local) {
    const sent = Object.hasOwn(known, name) ? known[name] : undefined;
    const there = seen.get(name);
    const was = placed.get(name);
    const isSame =
      sent?.sha256 === file.sha256 && there !== undefined && there.size === was?.size && there.mtime === was.mtime;
    if (isSame) {
      plan.manifest.files[name] = file;
      if (there.mode !== file.mode) plan.chmod.push(name);
      continue;
    }
    plan.manifest.files[name] = file;
    (arrived.get(name) === file.sha256 ? plan.keep : plan.send).push(name);
  }
  for (const name of Object.keys(known)) if (!local.has(name) && seen.has(name)) plan.remove.push(name);
  return plan;
}

/** `sent 1 file, 312 bytes, of 40 files`. */
export function describeSync(report: Omit<SyncReport, 'text' | 'clusterId' | 'at'>): string {
  const files = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`;
  const parts = [
    report.sentFiles === 0
      ? `nothing to send of ${files(report.files)}`
      : `sent ${files(report.sentFiles)}, ${report.sentBytes} bytes, of ${files(report.files)}`,
    ...(report.keptFiles > 0 ? [`${files(report.keptFiles)} had arrived before`] : []),
    ...(report.removedFiles > 0 ? [`removed ${report.removedFiles}`] : []),
  ];
  return parts.join(', ');
}
