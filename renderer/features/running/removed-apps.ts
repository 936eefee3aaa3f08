import { create } from 'zustand';

/** Apps that were removed here. The state tells nothing of those that it does not list. */
export const useRemoved = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

export const noteRemoved = (id: string): void => useRemoved.setState(({ ids }) => ({ ids: new Set(ids).add(id) }));
