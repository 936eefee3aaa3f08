import type {
  EventName,
  EventPayload,
  RequestInput,
  RequestName,
  RequestOutput,
  StreamInput,
  WindowStreamName,
} from './contract/index.ts';

/** `window.tunel`, all that the preload gives the page. */
export interface TunelBridge {
  /**
   * Resolves with the output; rejects with an Error whose `message` is JSON of SerializedError (the bridge drops other fields).
   * `call`: a number of the caller's choice that `cancel` can name.
   */
  invoke<N extends RequestName>(name: N, input: RequestInput<N>, call: number): Promise<RequestOutput<N>>;
  cancel(call: number): void;
  /**
   * Opens a stream. Its port comes to the page in a `message` event of the window, as `StreamPortMessage` with this `call`: the
   * bridge cannot return one. stream-port.ts tells what is said on it.
   */
  openStream<N extends WindowStreamName>(name: N, input: StreamInput<N>, call: number): void;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** The path on this computer of a file or folder that the user dropped on the page; empty: it has none. */
  pathOf(file: File): string;
  readonly platform: 'darwin' | 'linux' | 'win32';
}
