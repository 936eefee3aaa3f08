import type {
  EngineEventName,
  EngineRequestName,
  EventPayload,
  RequestInput,
  RequestOutput,
  StreamClosed,
  StreamInput,
  StreamName,
  StreamOpened,
} from '../shared/contract/index.ts';
import type { EngineState } from '../shared/state.ts';
import type { ByteStream } from './byte-stream.ts';

/** What a subscriber hears: first the whole state, then every event in order. `engine.stopped` ends the subscription instead. */
export type ClientEvent =
  | { name: 'snapshot'; payload: { revision: number; state: EngineState } }
  | { [N in HeardEventName]: { name: N; payload: EventPayload<N> } }[HeardEventName];
type HeardEventName = Exclude<EngineEventName, 'engine.stopped'>;

export interface SubscribeOptions {
  /** This client shows questions of a sign-in to a person. Without one, what needs an answer fails at once. */
  answersPrompts: boolean;
  /** Ends the subscription. */
  signal: AbortSignal;
}

/** How every client talks to the engine, in the same process or over its socket. */
export interface CoreClient {
  /** Aborting cancels the work in the engine. @throws AppError */
  request<N extends EngineRequestName>(
    name: N,
    input: RequestInput<N>,
    signal?: AbortSignal,
  ): Promise<RequestOutput<N>>;
  /**
   * Calls the listener until the signal fires or the engine ends; then resolves, or rejects with the AppError that ended it.
   */
  subscribe(listener: (event: ClientEvent) => void, options: SubscribeOptions): Promise<void>;
  /** @throws AppError before anything was opened */
  openStream<N extends StreamName>(
    name: N,
    input: StreamInput<N>,
    signal?: AbortSignal,
  ): Promise<ByteStream<StreamOpened<N>, StreamClosed<N>>>;
}
