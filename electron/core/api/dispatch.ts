import {
  type EngineRequestName,
  engineRequests,
  type HandlersOf,
  type ParsedInput,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';

export type Handlers = HandlersOf<EngineRequestName>;

/** Parses the input by the contract and runs the handler. @throws AppError `bad-input` naming each field */
export async function dispatch(
  handlers: Handlers,
  name: string,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!isEngineRequest(name)) {
    throw new AppError('bad-input', `There is no request “${name}”.`, { hint: 'Restart Tunel after an update.' });
  }
  return answer(handlers, name, input, signal);
}

async function answer<N extends EngineRequestName>(
  handlers: Handlers,
  name: N,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const parsed = engineRequests[name].input.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || name}: ${message}`);
    throw new AppError('bad-input', problems.join(' ').replace(/[^.]$/, '$&.'), { hint: 'Correct it and try again.' });
  }
  const handler: (input: ParsedInput<N>, signal: AbortSignal) => unknown = handlers[name];
  // The schema of this very name parsed it; TypeScript does not follow the index through the union.
  return handler(parsed.data as ParsedInput<N>, signal);
}

function isEngineRequest(name: string): name is EngineRequestName {
  return Object.hasOwn(engineRequests, name);
}
