import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import {
  type EngineRequestName,
  type EventName,
  type EventPayload,
  engineRequests,
  type HandlersOf,
  type ParsedInput,
  type RequestName,
  requests,
  type WindowRequestName,
  windowRequests,
} from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import { parseInput } from '../shared/parse-input.ts';
import { type Caller, owner } from '../shared/tokens.ts';
import { cancelChannel, eventChannel, invokeChannel } from './channels.ts';
import type { TrustedSenders } from './trusted-senders.ts';

export type WindowHandlers = HandlersOf<WindowRequestName>;

interface BridgeDeps {
  senders: TrustedSenders;
  window: WindowHandlers;
  /** A request of the engine's, its input parsed. */
  engine(name: EngineRequestName, input: unknown, signal: AbortSignal): Promise<unknown>;
}

/** Answers our page: checks who asks, parses what is asked, hands it to the main process or the engine. */
export function answerPage({ senders, window, engine }: BridgeDeps): void {
  const calls = new Map<string, AbortController>();
  const keyOf = (event: IpcMainInvokeEvent | IpcMainEvent, call: unknown) => `${event.sender.id} ${String(call)}`;

  ipcMain.handle(invokeChannel, async (event, name: unknown, input: unknown, call: unknown) => {
    const key = keyOf(event, call);
    const controller = new AbortController();
    const abort = () => controller.abort(new AppError('cancelled', 'The window is closed.'));
    calls.set(key, controller);
    event.sender.once('destroyed', abort);
    try {
      if (!senders.trusts(event)) throw new AppError('not-permitted', 'Only windows of Tunel may ask this.');
      return { ok: true, value: await dispatch(name, input, controller.signal) };
    } catch (error) {
      return { ok: false, error: JSON.stringify(AppError.from(error).serialize()) };
    } finally {
      calls.delete(key);
      event.sender.off('destroyed', abort);
    }
  });
  ipcMain.on(cancelChannel, (event, call: unknown) => {
    calls.get(keyOf(event, call))?.abort(new AppError('cancelled', 'Cancelled.'));
  });

  async function dispatch(name: unknown, input: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isRequest(name))
      throw new AppError('bad-input', message`There is no request “${{ name: String(name).slice(0, 100) }}”.`);
    const parsed = parseInput(name, requests[name].input, input);
    return isEngineRequest(name) ? engine(name, parsed, signal) : answerHere(name, parsed, signal);
  }

  function answerHere<N extends WindowRequestName>(name: N, input: unknown, signal: AbortSignal): unknown {
    const handler: (input: ParsedInput<N>, signal: AbortSignal, caller: Caller) => unknown = window[name];
    // The schema of this very name parsed it; TypeScript does not follow the index through the union.
    return handler(input as ParsedInput<N>, signal, owner);
  }
}

/** Sends an event to every window of ours. */
export function emitTo(senders: TrustedSenders): <N extends EventName>(name: N, payload: EventPayload<N>) => void {
  return (name, payload) => senders.send(eventChannel, name, payload);
}

function isEngineRequest(name: RequestName): name is EngineRequestName {
  return Object.hasOwn(engineRequests, name);
}

function isRequest(name: unknown): name is RequestName {
  return typeof name === 'string' && (Object.hasOwn(engineRequests, name) || Object.hasOwn(windowRequests, name));
}
