import type { EngineState } from './state.ts';
import { connectionLogLength, type Entity, entityId } from './state-entities.ts';
import type { StatePatch } from './state-patch.ts';

/** The state after the patches. What they do not concern stays the same object. */
export function applyPatches<T extends EngineState>(state: T, patches: readonly StatePatch[]): T {
  return patches.reduce(applyPatch, state);
}

function applyPatch<T extends EngineState>(state: T, patch: StatePatch): T {
  switch (patch.op) {
    case 'replace':
      return { ...state, ...patch.slices };
    case 'prepend':
      return { ...state, connectionLog: [...patch.values, ...state.connectionLog].slice(0, connectionLogLength) };
    case 'order':
      return { ...state, [patch.slice]: inOrder(state[patch.slice], patch.ids) };
    case 'remove':
      if (patch.slice === 'lastValues') return { ...state, lastValues: withoutKey(state.lastValues, patch.id) };
      return { ...state, [patch.slice]: without(state[patch.slice], patch.id) };
    case 'put':
      if (patch.slice === 'lastValues') {
        return { ...state, lastValues: { ...state.lastValues, [patch.id]: patch.value } };
      }
      return { ...state, [patch.slice]: withEntity(state[patch.slice], patch.value, patch.index) };
  }
}

function withEntity(list: readonly Entity[], value: Entity, index = list.length): Entity[] {
  const id = entityId(value);
  const known = list.findIndex((entity) => entityId(entity) === id);
  return known === -1 ? list.toSpliced(index, 0, value) : list.with(known, value);
}

const without = (list: readonly Entity[], id: string): Entity[] => list.filter((entity) => entityId(entity) !== id);

function withoutKey<V>(record: Record<string, V>, key: string): Record<string, V> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** Entities that the order does not name stay at the end. */
function inOrder(list: readonly Entity[], ids: readonly string[]): Entity[] {
  const position = new Map(ids.map((id, index) => [id, index]));
  const of = (entity: Entity) => position.get(entityId(entity)) ?? ids.length;
  return list.toSorted((a, b) => of(a) - of(b));
}
