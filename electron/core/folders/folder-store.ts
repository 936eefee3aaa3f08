import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors.ts';
import {
  type Folder,
  folderRecipePrefix,
  folderSchema,
  type SyncReport,
  syncReportSchema,
} from '../../shared/folders.ts';
import { message } from '../../shared/messages.ts';
import type { Notice } from '../../shared/state.ts';
import { DataFile } from '../storage/data-file.ts';

const storedSchema = z.object({ folder: folderSchema, reports: z.array(syncReportSchema).max(50) });
type StoredFolder = z.infer<typeof storedSchema>;
const listSchema = z.array(storedSchema);

const listSchema1 = z.array(z.looseObject({ reports: z.array(z.looseObject({ words: z.string() })) }));

/** Version 2 calls the sentence of a report `text`. There was no version 0. */
const migrations = [
  (data: unknown) => data,
  (data: unknown) =>
    listSchema1.parse(data).map(({ reports, ...stored }) => ({
      ...stored,
      reports: reports.map(({ words, ...report }) => ({ ...report, text: words })),
    })),
];

/** `folders.json` of the data directory: the user's folders and what was last sent where. */
export class FolderStore {
  readonly #file: DataFile<typeof listSchema>;
  readonly #emitter = new EventEmitter<{ folders: []; reports: [] }>();

  /** `report` is called with each thing that the user should know about the file. */
  constructor(data: string, now: () => number, report: (notice: Notice) => void) {
    const file = { path: join(data, 'folders.json'), version: 2, schema: listSchema, migrations, name: 'folders' };
    this.#file = new DataFile(file, [], now, report);
  }

  list(): readonly StoredFolder[] {
    return this.#file.data;
  }

  /** @throws AppError `not-found` */
  get(id: string): StoredFolder {
    const found = this.list().find(({ folder }) => folder.id === id);
    if (found) return found;
    throw new AppError('not-found', message`There is no folder “${{ id }}”.`, {
      hint: 'See them with: tunel folder list',
    });
  }

  /** null: the recipe runs no folder. A recipe of another provider may have a name like a folder's. */
  findByRecipe(recipe: string): StoredFolder | null {
    return this.list().find(({ folder }) => folderRecipePrefix + folder.id === recipe) ?? null;
  }

  put(folder: Folder): void {
    this.#change('folders', (list) =>
      list.some((stored) => stored.folder.id === folder.id)
        ? list.map((stored) => (stored.folder.id === folder.id ? { ...stored, folder } : stored))
        : [...list, { folder, reports: [] }],
    );
  }

  remove(id: string): void {
    this.#change('folders', (list) => list.filter(({ folder }) => folder.id !== id));
  }

  /** Keeps the last report of each cluster; null forgets that of this cluster. */
  saveReport(id: string, clusterId: string, report: SyncReport | null): void {
    this.#change('reports', (list) =>
      list.map((stored) => {
        if (stored.folder.id !== id) return stored;
        const others = stored.reports.filter((old) => old.clusterId !== clusterId);
        return { ...stored, reports: report ? [report, ...others] : others };
      }),
    );
  }

  /** `folders`: one was saved or removed; `reports`: one was sent or cleaned. @returns what ends it */
  on(event: 'folders' | 'reports', listener: () => void): () => void {
    this.#emitter.on(event, listener);
    return () => this.#emitter.off(event, listener);
  }

  #change(event: 'folders' | 'reports', change: (list: StoredFolder[]) => StoredFolder[]): void {
    this.#file.update(change);
    this.#emitter.emit(event);
  }
}
