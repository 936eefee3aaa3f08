import type {
  EventName,
  EventPayload,
  RequestInput,
  RequestName,
  RequestOutput,
  TunelBridge,
} from '../electron/shared/contract.ts';
import { AppError, serializedErrorSchema } from '../electron/shared/errors.ts';

declare global {
  interface Window {
    readonly tunel: TunelBridge;
  }
}

/** The bridge rejects with an Error whose message is JSON; gives the AppError back. */
export function reviveError(error: unknown): AppError {
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

export async function invoke<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> {
  try {
    return await window.tunel.invoke(name, input);
  } catch (error) {
    throw reviveError(error);
  }
}

export function listen<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  return window.tunel.on(name, listener);
}
