import { contextBridge, ipcRenderer } from 'electron';
import { eventChannel, invokeChannel } from '../ipc/channels.ts';
import type { TunelBridge } from '../shared/contract.ts';
import { eventNames, requestNames } from '../shared/names.ts';

type Listener = (payload: unknown) => void;
/** What crosses back: a rejection of `ipcRenderer.invoke` would put its own words before ours. */
type Outcome = { ok: true; value: unknown } | { ok: false; error: string };

const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on(eventChannel, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

async function invoke(name: string, input: unknown): Promise<unknown> {
  if (!requestNames.has(name)) {
    throw new Error(JSON.stringify({ code: 'bad-input', message: `There is no request “${name}”.` }));
  }
  const outcome: Outcome = await ipcRenderer.invoke(invokeChannel, name, input);
  if (!outcome.ok) throw new Error(outcome.error);
  return outcome.value;
}

function on(name: string, listener: Listener): () => void {
  if (!eventNames.has(name)) throw new Error(`There is no event “${name}”.`);
  const set = listeners.get(name) ?? new Set();
  listeners.set(name, set.add(listener));
  return () => void set.delete(listener);
}

const bridge: Record<keyof TunelBridge, unknown> = { invoke, on, platform: process.platform };
contextBridge.exposeInMainWorld('tunel', bridge);
