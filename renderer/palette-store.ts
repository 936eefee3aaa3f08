import { createSpotlight } from '@mantine/spotlight';

/** The palette, opened from wherever it is asked for. */
export const [paletteStore, palette] = createSpotlight();

/** Selects the first hit, so that Enter runs it at once; Mantine forgets the selection when the hits change. */
export function selectFirstHit(): void {
  const list = document.getElementById(paletteStore.getState().listId);
  const hits = [...(list?.querySelectorAll('[data-action]') ?? [])];
  for (const [index, hit] of hits.entries()) hit.toggleAttribute('data-selected', index === 0);
  hits[0]?.setAttribute('data-selected', 'true');
  paletteStore.updateState((state) => ({ ...state, selected: hits.length > 0 ? 0 : -1 }));
}
