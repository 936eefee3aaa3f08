import { transitionsBetween } from '../../electron/core/history/transitions.ts';
import type { TunelBridge } from '../../electron/shared/bridge.ts';
import type { EventName } from '../../electron/shared/contract/index.ts';
import type { AppState } from '../../electron/shared/state.ts';
import type { StreamPortMessage, ToPage } from '../../electron/shared/stream-port.ts';

/** A UI fixture: `window.tunel` that answers from a state at hand. Calls are kept, so that a test can read them. */
export function fakeBridge(
  state: AppState,
  answers: Record<string, (input: never) => unknown>,
  openStream: (name: string, input: unknown, say: (message: ToPage) => void) => void,
) {
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const calls: { name: string; input: unknown }[] = [];
  let revision = 1;
  const bridge = {
    platform: 'linux',
    pathOf: (file: File) => `/home/user01/${file.name}`,
    invoke(name: string, input: unknown) {
      calls.push({ name, input });
      if (name === 'app.state') return Promise.resolve({ revision, state });
      const answer = answers[name];
      return answer ? Promise.resolve().then(() => answer(input as never)) : Promise.resolve(undefined);
    },
    cancel() {},
    openStream(name: string, input: unknown, call: number) {
      calls.push({ name, input });
      const { port1, port2 } = new MessageChannel();
      const say = (message: ToPage) => port2.postMessage(message);
      openStream(name, input, say);
      const message: StreamPortMessage = { tunelStream: call };
      window.postMessage(message, location.origin, [port1]);
    },
    on(name: string, listener: (payload: never) => void) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      return () => set.delete(listener);
    },
  } as unknown as TunelBridge;
  const emit = (name: EventName, payload: unknown) => {
    for (const listener of listeners.get(name) ?? []) listener(payload as never);
  };
  const change = (changes: Partial<AppState>) => {
    const before = { ...state };
    Object.assign(state, changes);
    const viewsOnly = Object.keys(changes).length === 1 && 'views' in changes;
    if (!viewsOnly) revision += 1;
    emit('state.changed', { revision, patches: [{ op: 'replace', slices: changes }] });
    for (const transition of transitionsBetween(before, state, Date.now()))
      emit('transition', { ...transition, id: 1 });
  };
  return { bridge, calls, emit, change };
}
