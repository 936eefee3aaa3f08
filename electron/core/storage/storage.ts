import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clusterFactsSchema, clusterSchema, connectionEventSchema } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { instanceSchema, launchInputSchema } from '../../shared/instances.ts';
import { presetSchema } from '../../shared/presets.ts';
import { type Notice, settingsSchema } from '../../shared/state.ts';
import type { Clock } from '../deps.ts';
import { rememberedRoutesSchema } from '../routes/remembered-route.ts';
import { openDatabase } from './database.ts';
import type { Storage } from './types.ts';
import { readVersioned, type VersionedFile, writeVersioned } from './versioned-file.ts';

/** Connection events kept on disk. */
const eventLimit = 500;

const instanceRow = z.object({ removed: z.number(), value: z.string() });
const valueRow = z.object({ value: z.string() });

/** Opens everything of ours below `directory` (made 0700). Unreadable files are set aside and named in `notices`. */
export function openStorage(directory: string, clock: Clock): Storage {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const notices: Notice[] = [];
  const load = <S extends z.ZodType>(file: VersionedFile<S>): z.output<S> | null => {
    const { data, notice } = readVersioned(file, clock.now());
    if (notice) notices.push(notice);
    return data;
  };

  const settingsFile = {
    path: join(directory, 'settings.json'),
    version: 1,
    schema: settingsSchema,
    words: 'settings',
  };
  const clustersFile = {
    path: join(directory, 'clusters.json'),
    version: 1,
    schema: z.array(clusterSchema),
    words: 'clusters',
  };
  const presetsFile = {
    path: join(directory, 'presets.json'),
    version: 1,
    schema: z.array(presetSchema),
    words: 'presets',
  };
  let settings = load(settingsFile) ?? settingsSchema.parse({});
  let clusters = load(clustersFile) ?? [];
  let presets = load(presetsFile) ?? [];
  const opened = openDatabase(join(directory, 'history.db'), clock.now());
  if (opened.notice) notices.push(opened.notice);
  const { database } = opened;

  const learnt = <S extends z.ZodType>(kind: string, schema: S) => ({
    get(key: string): z.output<S> | null {
      const row = database.prepare('select value from learnt where kind = ? and key = ?').get(kind, key);
      if (row === undefined) return null;
      // What was learnt can be learnt again: an older shape is forgotten, not an error.
      const parsed = schema.safeParse(JSON.parse(valueRow.parse(row).value));
      return parsed.success ? parsed.data : null;
    },
    set(key: string, value: z.output<S>): void {
      database.prepare('insert or replace into learnt values (?, ?, ?)').run(kind, key, JSON.stringify(value));
    },
    all(): Record<string, z.output<S>> {
      const rows = database.prepare('select key from learnt where kind = ?').all(kind);
      const keys = z.array(z.object({ key: z.string() })).parse(rows);
      return Object.fromEntries(
        keys.flatMap(({ key }) => [[key, this.get(key)]]).filter(([, value]) => value !== null),
      );
    },
    remove(key: string): void {
      database.prepare('delete from learnt where kind = ? and key = ?').run(kind, key);
    },
  });
  const facts = learnt('facts', clusterFactsSchema);
  const routes = learnt('route', rememberedRoutesSchema);
  const lastValues = learnt('last-values', launchInputSchema);

  return {
    settings: () => settings,
    saveSettings(change) {
      const next = settingsSchema.parse({ ...settings, ...change });
      writeVersioned(settingsFile, next);
      settings = next;
      return settings;
    },
    clusters: () => clusters,
    saveCluster(cluster) {
      if (clusters.some((other) => other.id !== cluster.id && other.name === cluster.name)) {
        throw new AppError('conflict', `There is a cluster named “${cluster.name}” already.`, {
          hint: 'Choose another name.',
        });
      }
      const exists = clusters.some((other) => other.id === cluster.id);
      const next = exists
        ? clusters.map((other) => (other.id === cluster.id ? cluster : other))
        : [...clusters, cluster];
      writeVersioned(clustersFile, next);
      clusters = next;
    },
    removeCluster(id) {
      const next = clusters.filter((cluster) => cluster.id !== id);
      writeVersioned(clustersFile, next);
      clusters = next;
      facts.remove(id);
      routes.remove(id);
    },
    instances() {
      const rows = z.array(instanceRow).parse(database.prepare('select removed, value from instances').all());
      return rows.flatMap(({ removed, value }) => {
        const parsed = instanceSchema.safeParse(JSON.parse(value));
        return parsed.success ? [{ instance: parsed.data, removed: removed === 1 }] : [];
      });
    },
    saveInstance({ instance, removed }) {
      database
        .prepare('insert or replace into instances values (?, ?, ?)')
        .run(instance.id, removed ? 1 : 0, JSON.stringify(instance));
    },
    facts: facts.get,
    saveFacts: facts.set,
    rememberedRoute: (clusterId, app) => routes.get(clusterId)?.[app] ?? null,
    rememberRoute: (clusterId, app, route) => routes.set(clusterId, { ...routes.get(clusterId), [app]: route }),
    lastValues: () => lastValues.all(),
    saveLastValues: lastValues.set,
    presets: () => presets,
    savePresets(next) {
      writeVersioned(presetsFile, next);
      presets = next;
    },
    addConnectionEvent(event) {
      database.prepare('insert into events (value) values (?)').run(JSON.stringify(event));
      database.prepare('delete from events where number <= (select max(number) from events) - ?').run(eventLimit);
    },
    connectionEvents(limit) {
      const rows = database.prepare('select value from events order by number desc limit ?').all(limit);
      return z
        .array(valueRow)
        .parse(rows)
        .map(({ value }) => connectionEventSchema.parse(JSON.parse(value)));
    },
    notices: () => notices,
    close: () => {
      database.close();
    },
  };
}
