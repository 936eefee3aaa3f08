import { ipcMain } from 'electron';
import { z } from 'zod';
import {
  type EventName,
  type EventPayload,
  engineRequests,
  type MainRequestName,
  mainRequests,
  type ParsedInput,
  type RequestName,
  type RequestOutput,
  requests,
} from '../shared/contract.ts';
import { AppError } from '../shared/errors.ts';
import { eventChannel, invokeChannel } from './channels.ts';
import type { TrustedSenders } from './trusted-senders.ts';

export type MainHandlers = {
  [N in MainRequestName]: (input: ParsedInput<N>) => RequestOutput<N> | Promise<RequestOutput<N>>;
};

interface BridgeDeps {
  senders: TrustedSenders;
  main: MainHandlers;
  /** A request of the engine's, its input parsed. */
  engine(name: string, input: unknown): Promise<unknown>;
}

/** Answers our page: checks who asks, parses what is asked, hands it to the main process or the engine. */
export function answerPage({ senders, main, engine }: BridgeDeps): void {
  ipcMain.handle(invokeChannel, async (event, name: unknown, input: unknown) => {
    try {
      if (!senders.trusts(event)) throw new AppError('not-permitted', 'Only windows of Tunel may ask this.');
      return { ok: true, value: await dispatch(name, input) };
    } catch (error) {
      return { ok: false, error: JSON.stringify(AppError.from(error).serialize()) };
    }
  });

  async function dispatch(name: unknown, input: unknown): Promise<unknown> {
    if (!isRequest(name)) throw new AppError('bad-input', `There is no request “${String(name).slice(0, 100)}”.`);
    const parsed = requests[name].input.safeParse(input);
    if (!parsed.success) throw new AppError('bad-input', `${name}: ${z.prettifyError(parsed.error)}`);
    if (Object.hasOwn(engineRequests, name)) return engine(name, parsed.data);
    return answerHere(name as MainRequestName, parsed.data);
  }

  function answerHere<N extends MainRequestName>(name: N, input: unknown): unknown {
    const handler: (input: ParsedInput<N>) => unknown = main[name];
    // The schema of this very name parsed it; TypeScript does not follow the index through the union.
    return handler(input as ParsedInput<N>);
  }
}

/** Sends an event to every window of ours. */
export function emitTo(senders: TrustedSenders): <N extends EventName>(name: N, payload: EventPayload<N>) => void {
  return (name, payload) => senders.send(eventChannel, name, payload);
}

function isRequest(name: unknown): name is RequestName {
  return typeof name === 'string' && (Object.hasOwn(engineRequests, name) || Object.hasOwn(mainRequests, name));
}
