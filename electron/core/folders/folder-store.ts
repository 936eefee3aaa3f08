import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import { type Folder, folderSchema, type SyncReport, syncReportSchema } from '../../shared/folders.ts';
import { readVersioned, type VersionedFile, writeVersioned } from '../storage/versioned-file.ts';

const storedSchema = z.object({ folder: folderSchema, reports: z.array(syncReportSchema).max(50) });
export type StoredFolder = z.infer<typeof storedSchema>;
const listSchema = z.array(storedSchema);

/** `folders.json` of the data directory: the user's folders and what was last sent where. */
export class FolderStore {
  readonly #file: VersionedFile<typeof listSchema>;
  #list: StoredFolder[];

  constructor(data: string, now: number) {
    this.#file = { path: join(data, 'folders.json'), version: 1, schema: listSchema, words: 'folders' };
    this.#list = readVersioned(this.#file, now).data ?? [];
  }

  list(): readonly StoredFolder[] {
    return this.#list;
  }

  /** @throws AppError `not-found` */
  get(id: string): StoredFolder {
    const found = this.#list.find(({ folder }) => folder.id === id);
    if (found) return found;
    throw new AppError('not-found', `There is no folder “${id}”.`, { hint: 'See them with: tunel folder list' });
  }

  put(folder: Folder): void {
    const exists = this.#list.some((stored) => stored.folder.id === folder.id);
    this.#write(
      exists
        ? this.#list.map((stored) => (stored.folder.id === folder.id ? { ...stored, folder } : stored))
        : [...this.#list, { folder, reports: [] }],
    );
  }

  remove(id: string): void {
    this.#write(this.#list.filter(({ folder }) => folder.id !== id));
  }

  /** Keeps the last report of each cluster; none: forgets that cluster's. */
  note(id: string, clusterId: string, report: SyncReport | null): void {
    this.#write(
      this.#list.map((stored) => {
        if (stored.folder.id !== id) return stored;
        const others = stored.reports.filter((old) => old.clusterId !== clusterId);
        return { ...stored, reports: report ? [report, ...others] : others };
      }),
    );
  }

  #write(next: StoredFolder[]): void {
    writeVersioned(this.#file, next);
    this.#list = next;
  }
}
