import type { ByteStream } from '../../client/byte-stream.ts';
import type { RequestDefinition, StreamDefinition } from '../../shared/contract/define.ts';
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
import type { Caller, TokenCaller } from '../../shared/tokens.ts';
import type { StreamHandlers } from '../byte-streams.ts';
import type { ClusterAccess } from '../tokens/cluster-access.ts';
import type { TokenLimits } from '../tokens/token-limits.ts';
import type { Call, CallContext, CallGuard } from './call-guard.ts';

export type Handlers = HandlersOf<EngineRequestName>;

interface DispatcherDeps {
  requests: Handlers;
  streams: StreamHandlers;
  guard: CallGuard;
  limits: Pick<TokenLimits, 'checkBytes' | 'meter'>;
  clusterAccess: Pick<ClusterAccess, 'watch'>;
}

/** Hands each call to its handler, with its input parsed by the contract, where the caller may make it. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `bad-input` naming each field, the refusal of the guard, or what the handler fails with */
  async request(name: string, input: unknown, context: CallContext): Promise<unknown> {
    if (!isEngineRequest(name)) {
      throw new AppError('bad-input', message`There is no request “${{ name }}”.`, {
        hint: 'Restart Tunel after an update.',
      });
    }
    return this.#answer(name, input, context);
  }

  /** @throws AppError as `request` */
  async openStream(name: string, input: unknown, context: CallContext): Promise<ByteStream> {
    if (!isStream(name)) throw new AppError('bad-input', message`There is no stream “${{ name }}”.`);
    return this.#open(name, input, context);
  }

  #answer<N extends EngineRequestName>(name: N, input: unknown, context: CallContext): Promise<unknown> {
    const { requests, guard } = this.#deps;
    const handler: (input: ParsedInput<N>, signal: AbortSignal, caller: Caller) => unknown = requests[name];
    const definition: RequestDefinition = engineRequests[name];
    const parsed = parseInput(name, definition.input, input);
    // The schema of this very name parsed it; TypeScript does not follow the index through the union.
    const work = () => handler(parsed as ParsedInput<N>, context.signal, context.caller);
    return guard.run(context, callOf(name, definition, parsed), work);
  }

  #open<N extends StreamName>(name: N, input: unknown, context: CallContext): Promise<ByteStream> {
    const { streams: handlers, guard } = this.#deps;
    const handler: (input: ParsedStreamInput<N>, signal: AbortSignal) => Promise<ByteStream> = handlers[name];
    const definition: StreamDefinition = streams[name];
    const parsed = parseInput(name, definition.input, input);
    const { caller, signal } = context;
    return guard.run(context, callOf(name, definition, parsed), async (clusterId) => {
      const open = () => handler(parsed as ParsedStreamInput<N>, signal);
      const stream = await this.#metered(definition, caller, open);
      return caller.kind === 'token' && clusterId !== null ? this.#whileAllowed(caller, clusterId, stream) : stream;
    });
  }

  /** The stream, which ends with the refusal when its cluster is closed to the token. */
  #whileAllowed({ token }: TokenCaller, clusterId: string, stream: ByteStream): ByteStream {
    let refusal: AppError | null = null;
    const stop = this.#deps.clusterAccess.watch(token, clusterId, (error) => {
      refusal = error;
      stream.data.destroy();
    });
    const closed = stream.closed.finally(() => {
      stop();
      // Why it was ended says more than how.
      if (refusal) throw refusal;
    });
    closed.catch(() => undefined);
    return { ...stream, closed, control: (message) => stream.control(message) };
  }

  /** Files that a token moves are counted. @throws AppError `token-limit` */
  async #metered({ scope }: StreamDefinition, caller: Caller, open: () => Promise<ByteStream>): Promise<ByteStream> {
    if (caller.kind === 'owner' || (scope !== 'files' && scope !== 'jobs')) return open();
    const { limits } = this.#deps;
    limits.checkBytes(caller);
    return limits.meter(caller, await open());
  }
}

const callOf = (name: string, definition: RequestDefinition | StreamDefinition, input: unknown): Call => ({
  name,
  scope: definition.scope,
  writes: definition.writes,
  subject: definition.subject(input),
  detail: definition.audit?.(input) ?? null,
});

function isStream(name: string): name is StreamName {
  return Object.hasOwn(streams, name);
}

function isEngineRequest(name: string): name is EngineRequestName {
  return Object.hasOwn(engineRequests, name);
}
