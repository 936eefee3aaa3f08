import type { ByteStream } from '../../client/byte-stream.ts';
import {
  type EngineRequestName,
  engineRequests,
  type HandlersOf,
  type ParsedInput,
  type ParsedStreamInput,
  type StreamName,
  streams,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { parseInput } from '../../shared/parse-input.ts';
import type { StreamHandlers } from '../byte-streams.ts';

export type Handlers = HandlersOf<EngineRequestName>;

/** Parses the input by the contract and runs the handler. @throws AppError `bad-input` naming each field */
export async function dispatch(
  handlers: Handlers,
  name: string,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!isEngineRequest(name)) {
    throw new AppError('bad-input', message`There is no request “${{ name }}”.`, {
      hint: 'Restart Tunel after an update.',
    });
  }
  return answer(handlers, name, input, signal);
}

async function answer<N extends EngineRequestName>(
  handlers: Handlers,
  name: N,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const handler: (input: ParsedInput<N>, signal: AbortSignal) => unknown = handlers[name];
  // The schema of this very name parsed it; TypeScript does not follow the index through the union.
  return handler(parseInput(name, engineRequests[name].input, input) as ParsedInput<N>, signal);
}

/** Parses the input by the contract and opens the stream. @throws AppError `bad-input` naming each field */
export async function openStream(
  handlers: StreamHandlers,
  name: string,
  input: unknown,
  signal: AbortSignal,
): Promise<ByteStream> {
  if (!isStream(name)) throw new AppError('bad-input', message`There is no stream “${{ name }}”.`);
  return open(handlers, name, input, signal);
}

function open<N extends StreamName>(
  handlers: StreamHandlers,
  name: N,
  input: unknown,
  signal: AbortSignal,
): Promise<ByteStream> {
  const handler: (input: ParsedStreamInput<N>, signal: AbortSignal) => Promise<ByteStream> = handlers[name];
  return handler(parseInput(name, streams[name].input, input) as ParsedStreamInput<N>, signal);
}

function isStream(name: string): name is StreamName {
  return Object.hasOwn(streams, name);
}

function isEngineRequest(name: string): name is EngineRequestName {
  return Object.hasOwn(engineRequests, name);
}
