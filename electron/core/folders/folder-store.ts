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

  readonly #now: () => number;

  constructor(data: string, now: () => number) {
    this.#now = now;
    this.#file = { path: join(data, 'folders.json'), version: 1, schema: listSchema, words: 'folders' };
    this.#list = readVersioned(this.#file, now()).data ?? [];
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
    this.#change((list) =>
      list.some((stored) => stored.folder.id === folder.id)
        ? list.map((stored) => (stored.folder.id === folder.id ? { ...stored, folder } : stored))
        : [...list, { folder, reports: [] }],
    );
  }

  remove(id: string): void {
    this.#change((list) => list.filter(({ folder }) => folder.id !== id));
  }

  /** Keeps the last report of each cluster; none: forgets that cluster's. */
  note(id: string, clusterId: string, report: SyncReport | null): void {
    this.#change((list) =>
      list.map((stored) => {
        if (stored.folder.id !== id) return stored;
        const others = stored.reports.filter((old) => old.clusterId !== clusterId);
        return { ...stored, reports: report ? [report, ...others] : others };
      }),
    );
  }

  /** A terminal may have saved a folder since the window read them: what is there now is changed. */
  #change(change: (list: StoredFolder[]) => StoredFolder[]): void {
    const next = change(readVersioned(this.#file, this.#now()).data ?? []);
    writeVersioned(this.#file, next);
    this.#list = next;
  }
}
