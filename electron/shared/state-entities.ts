import type { EngineState } from './state.ts';

/** Entries of the connection log in the state; newest first. */
export const connectionLogLength = 100;

/** Slices that are ordered lists of entities with an id. */
export const listSlices = [
  'clusters',
  'instances',
  'jobs',
  'folders',
  'sources',
  'prompts',
  'presets',
  'tunnels',
  'transfers',
  'consents',
] as const;
export type ListSlice = (typeof listSlices)[number];
export type Entity = EngineState[ListSlice][number];

export function entityId(entity: Entity): string {
  if ('cluster' in entity) return entity.cluster.id;
  return 'folder' in entity ? entity.folder.id : entity.id;
}
