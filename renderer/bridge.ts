import type { TunelBridge } from '../electron/shared/bridge.ts';
import type { Exact } from '../electron/shared/contract/exact.ts';
import type {
  EventName,
  EventPayload,
  RequestInput,
  RequestName,
  RequestOutput,
  StreamClosed,
  StreamInput,
  StreamOpened,
  WindowStreamName,
} from '../electron/shared/contract/index.ts';
import { serializedErrorSchema } from '../electron/shared/error-schemas.ts';
import { AppError, throwIfAborted } from '../electron/shared/errors.ts';
import type { StreamPortMessage } from '../electron/shared/stream-port.ts';
import { PageStream, type TakeBytes } from './page-stream.ts';

declare global {
  interface Window {
    readonly tunel: TunelBridge;
  }
}

/** The bridge rejects with an Error whose message is JSON; gives the AppError back. */
function reviveError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error) {
    try {
      const parsed = serializedErrorSchema.safeParse(JSON.parse(error.message));
      if (parsed.success) return AppError.revive(parsed.data);
    } catch {
      // Not JSON: an error of the bridge itself, kept as it is.
    }
  }
  return AppError.from(error);
}

let lastCall = 0;

/** Asks the engine or the main process. Aborting cancels the work there. @throws AppError */
export async function invoke<N extends RequestName, I extends RequestInput<N>>(
  name: N,
  input: I & Exact<I, RequestInput<N>>,
  signal?: AbortSignal,
): Promise<RequestOutput<N>> {
  throwIfAborted(signal);
  lastCall += 1;
  const call = lastCall;
  const cancel = () => window.tunel.cancel(call);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await window.tunel.invoke(name, input, call);
  } catch (error) {
    throw reviveError(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

export function listen<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  return window.tunel.on(name, listener);
}

/** Opens a stream. `take` gets its bytes in order. @throws AppError before anything was opened */
export async function openStream<N extends WindowStreamName, I extends StreamInput<N>>(
  name: N,
  input: I & Exact<I, StreamInput<N>>,
  take: TakeBytes,
  signal?: AbortSignal,
): Promise<PageStream<StreamClosed<N>, StreamOpened<N>>> {
  throwIfAborted(signal);
  lastCall += 1;
  const call = lastCall;
  const port = nextPort(call);
  window.tunel.openStream(name, input, call);
  return PageStream.open<StreamClosed<N>, StreamOpened<N>>(await port, take, signal);
}

/** The port that the preload sends for a call. */
function nextPort(call: number): Promise<MessagePort> {
  return new Promise((resolve) => {
    const onMessage = ({ source, data, ports: [port] }: MessageEvent<Partial<StreamPortMessage> | null>) => {
      if (source !== window || data?.tunelStream !== call || !port) return;
      window.removeEventListener('message', onMessage);
      resolve(port);
    };
    window.addEventListener('message', onMessage);
  });
}
