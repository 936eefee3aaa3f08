import { z } from 'zod';
import { clusterStateSchema, connectionEventSchema } from './clusters.ts';
import { consentSchema } from './consents.ts';
import { folderStateSchema } from './folders.ts';
import { instanceSchema, launchInputSchema } from './instances.ts';
import { jobSchema } from './jobs.ts';
import { presetSchema } from './presets.ts';
import { promptSchema } from './prompts.ts';
import { sourceSchema } from './sources.ts';
import { type AppState, appStateSchema, type EngineState } from './state.ts';
import { connectionLogLength, type Entity, entityId, type ListSlice, listSlices } from './state-entities.ts';
import { transferSchema } from './transfers.ts';
import { tunnelSchema } from './tunnels.ts';

/** Slices that are always replaced, because they are small or change seldom. */
const wholeSlices = ['recipes', 'settings', 'system', 'views'] as const satisfies readonly (keyof AppState)[];

const put = <S extends string, V extends z.ZodType>(slice: S, value: V) =>
  z.object({
    op: z.literal('put'),
    slice: z.literal(slice),
    id: z.string(),
    /** Where a new entity of a list is inserted; absent: at the end. */
    index: z.number().int().min(0).optional(),
    value,
  });

const putSchema = z.discriminatedUnion('slice', [
  put('clusters', clusterStateSchema),
  put('instances', instanceSchema),
  put('jobs', jobSchema),
  put('folders', folderStateSchema),
  put('sources', sourceSchema),
  put('prompts', promptSchema),
  put('presets', presetSchema),
  put('tunnels', tunnelSchema),
  put('transfers', transferSchema),
  put('consents', consentSchema),
  put('lastValues', launchInputSchema),
]);

/** One change of the state. A list of them, applied in order to one revision, gives the next revision. */
const statePatchSchema = z.discriminatedUnion('op', [
  putSchema,
  z.object({ op: z.literal('remove'), slice: z.enum([...listSlices, 'lastValues']), id: z.string() }),
  /** The ids of a list in their new order. */
  z.object({ op: z.literal('order'), slice: z.enum(listSlices), ids: z.array(z.string()) }),
  /** The newest entries, newest first. */
  z.object({ op: z.literal('prepend'), slice: z.literal('connectionLog'), values: z.array(connectionEventSchema) }),
  z.object({ op: z.literal('replace'), slices: appStateSchema.partial() }),
]);
export type StatePatch = z.infer<typeof statePatchSchema>;

/** The next revision of the state and how it differs from the one before. */
export const stateChangeSchema = z.object({ revision: z.number().int(), patches: z.array(statePatchSchema) });
export type StateChange = z.infer<typeof stateChangeSchema>;

/** The patches that lead from one state to the other; none where nothing differs. */
export function diffState(before: EngineState, after: EngineState): StatePatch[] {
  return [
    ...listSlices.flatMap((slice) => diffList(slice, before[slice], after[slice])),
    ...diffRecord(before.lastValues, after.lastValues),
    ...diffLog(before.connectionLog, after.connectionLog),
    ...diffWhole(before, after),
  ];
}

function diffList(slice: ListSlice, before: readonly Entity[], after: readonly Entity[]): StatePatch[] {
  if (before === after) return [];
  const old = new Map(before.map((entity) => [entityId(entity), entity]));
  const ids = after.map(entityId);
  const kept = new Set(ids);
  const patches: StatePatch[] = [...old.keys()]
    .filter((id) => !kept.has(id))
    .map((id) => ({ op: 'remove', slice, id }) as const);
  const order = [...old.keys()].filter((id) => kept.has(id));
  for (const [index, value] of after.entries()) {
    const id = entityId(value);
    const known = old.get(id);
    if (known !== undefined && isSame(known, value)) continue;
    if (known === undefined) order.splice(index, 0, id);
    // Slice and value come from the same key, which TypeScript does not follow through the union.
    patches.push({ op: 'put', slice, id, value, ...(known === undefined && { index }) } as StatePatch);
  }
  return isSame(order, ids) ? patches : [...patches, { op: 'order', slice, ids }];
}

function diffRecord(before: EngineState['lastValues'], after: EngineState['lastValues']): StatePatch[] {
  if (before === after) return [];
  const slice = 'lastValues';
  const removed = Object.keys(before).filter((id) => !Object.hasOwn(after, id));
  const changed = Object.entries(after).filter(([id, value]) => !isSame(before[id], value));
  return [
    ...removed.map((id) => ({ op: 'remove', slice, id }) as const),
    ...changed.map(([id, value]) => ({ op: 'put', slice, id, value }) as const),
  ];
}

function diffLog(before: EngineState['connectionLog'], after: EngineState['connectionLog']): StatePatch[] {
  if (before === after || isSame(before, after)) return [];
  for (let added = 1; added <= after.length; added += 1) {
    const values = after.slice(0, added);
    if (isSame([...values, ...before].slice(0, connectionLogLength), after)) {
      return [{ op: 'prepend', slice: 'connectionLog', values }];
    }
  }
  return [{ op: 'replace', slices: { connectionLog: after } }];
}

function diffWhole(before: Partial<AppState>, after: Partial<AppState>): StatePatch[] {
  const slices = Object.fromEntries(
    wholeSlices.filter((slice) => !isSame(before[slice], after[slice])).map((slice) => [slice, after[slice]]),
  );
  return Object.keys(slices).length === 0 ? [] : [{ op: 'replace', slices }];
}

/** States are JSON, so two values with the same text are the same. */
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
