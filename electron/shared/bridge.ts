import type { EventName, EventPayload, RequestInput, RequestName, RequestOutput } from './contract/index.ts';

/** `window.tunel`, all that the preload gives the page. */
export interface TunelBridge {
  /**
   * Resolves with the output; rejects with an Error whose `message` is JSON of SerializedError (the bridge drops other fields).
   * `call`: a number of the caller's choice that `cancel` can name.
   */
  invoke<N extends RequestName>(name: N, input: RequestInput<N>, call: number): Promise<RequestOutput<N>>;
  cancel(call: number): void;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  readonly platform: 'darwin' | 'linux' | 'win32';
}
