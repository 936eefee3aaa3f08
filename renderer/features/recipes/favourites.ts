import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';

export function toggleFavourite(name: string, isFavourite: boolean): void {
  const { favourites } = useStore.getState().settings;
  const next = isFavourite ? favourites.filter((other) => other !== name) : [...favourites, name];
  void attempt('The favourite was not saved', invoke('settings.save', { favourites: next }));
}
