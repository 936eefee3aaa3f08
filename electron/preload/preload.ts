import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { cancelChannel, eventChannel, invokeChannel, streamChannel } from '../ipc/channels.ts';
import type { TunelBridge } from '../shared/bridge.ts';
import type { StreamPortMessage } from '../shared/stream-port.ts';

/** The contract's names, put here by the bundler: with zod the preload would be forty times as large. */
declare const CONTRACT_REQUESTS: readonly string[];
declare const CONTRACT_EVENTS: readonly string[];
declare const CONTRACT_STREAMS: readonly string[];

type Listener = (payload: unknown) => void;
/** What crosses back: Electron would put its own text before ours in a rejection of `ipcRenderer.invoke`. */
type Outcome = { ok: true; value: unknown } | { ok: false; error: string };

const requestNames = new Set(CONTRACT_REQUESTS);
const eventNames = new Set(CONTRACT_EVENTS);
const streamNames = new Set(CONTRACT_STREAMS);
const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on(eventChannel, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

async function invoke(name: string, input: unknown, call: number): Promise<unknown> {
  if (!requestNames.has(name)) {
    throw new Error(JSON.stringify({ code: 'bad-input', message: `There is no request “${name}”.` }));
  }
  const outcome: Outcome = await ipcRenderer.invoke(invokeChannel, name, input, call);
  if (!outcome.ok) throw new Error(outcome.error);
  return outcome.value;
}

function on(name: string, listener: Listener): () => void {
  if (!eventNames.has(name)) throw new Error(`There is no event “${name}”.`);
  const set = listeners.get(name) ?? new Set();
  listeners.set(name, set.add(listener));
  return () => void set.delete(listener);
}

function openStream(name: string, input: unknown, call: number): void {
  if (!streamNames.has(name)) throw new Error(`There is no stream “${name}” for a window.`);
  const { port1, port2 } = new MessageChannel();
  ipcRenderer.postMessage(streamChannel, { name, input }, [port2]);
  const message: StreamPortMessage = { tunelStream: call };
  window.postMessage(message, location.origin, [port1]);
}

const cancel = (call: number) => ipcRenderer.send(cancelChannel, call);
const bridge: Record<keyof TunelBridge, unknown> = {
  invoke,
  cancel,
  on,
  openStream,
  pathOf: (file: File) => webUtils.getPathForFile(file),
  platform: process.platform,
};
contextBridge.exposeInMainWorld('tunel', bridge);
