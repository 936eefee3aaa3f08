import { join } from 'node:path';
import { z } from 'zod';
import { clusterSchema } from '../../shared/clusters.ts';
import { presetSchema } from '../../shared/presets.ts';
import { type Settings, settingsSchema } from '../../shared/state.ts';
import type { VersionedFile } from './versioned-file.ts';

/** A cluster that was written by hand may lack what only Tunel needs. Its id follows from its name, so that it stays the same. */
const storedClusterSchema = z.preprocess((value) => {
  const written = z.looseObject({ name: z.string() }).safeParse(value).data;
  return written ? { id: `file:${written.name.trim()}`, createdAt: 0, ...written } : value;
}, clusterSchema);

const clustersSchema = uniqueList(storedClusterSchema);
const presetsSchema = uniqueList(presetSchema);

export const settingsFile = (directory: string): VersionedFile<typeof settingsSchema> => ({
  path: join(directory, 'settings.json'),
  version: 1,
  schema: settingsSchema,
  name: 'settings',
  salvage: salvageSettings,
});

export const clustersFile = (directory: string): VersionedFile<typeof clustersSchema> => ({
  path: join(directory, 'clusters.json'),
  version: 1,
  schema: clustersSchema,
  name: 'clusters',
  salvage: (data, lastValid) => salvageList(storedClusterSchema, data, lastValid),
});

export const presetsFile = (directory: string): VersionedFile<typeof presetsSchema> => ({
  path: join(directory, 'presets.json'),
  version: 1,
  schema: presetsSchema,
  name: 'presets',
  salvage: (data, lastValid) => salvageList(presetSchema, data, lastValid),
});

function uniqueList<S extends z.ZodType<{ id: string }>>(entry: S) {
  return z.array(entry).refine((list) => new Set(list.map(({ id }) => id)).size === list.length, {
    message: 'Two entries have the same id.',
  });
}

/** Each setting that is valid; the last valid value of the others. */
function salvageSettings(data: unknown, lastValid: Settings | null): Settings {
  const written = z.record(z.string(), z.unknown()).safeParse(data).data ?? {};
  const valid = Object.entries(settingsSchema.shape).filter(
    ([name, schema]) => schema.safeParse(written[name]).success,
  );
  return settingsSchema.parse({ ...lastValid, ...Object.fromEntries(valid.map(([name]) => [name, written[name]])) });
}

/** Each entry that is valid; the last valid version of one that is not, by its id. */
function salvageList<T extends { id: string }>(
  entry: z.ZodType<T>,
  data: unknown,
  lastValid: readonly T[] | null,
): T[] | null {
  if (!Array.isArray(data)) return null;
  const kept = new Map<string, T>();
  for (const value of data) {
    const id = z.looseObject({ id: z.string() }).safeParse(value).data?.id;
    const usable = entry.safeParse(value).data ?? lastValid?.find((known) => known.id === id);
    if (usable && !kept.has(usable.id)) kept.set(usable.id, usable);
  }
  return [...kept.values()];
}
