import { AppError } from '../../shared/errors.ts';
import type { Caller, Token } from '../../shared/tokens.ts';
import type { Clock } from '../deps.ts';

/** The longest that a timer of Node can wait, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface CallerLife {
  /** Fires with `token-revoked`, `token-expired`, or the refusal of its cluster; never for the user's own clients. */
  readonly signal: AbortSignal;
  end(): void;
}

/** What can end before a caller does. Each listener hears until the returned function is called. */
export interface CallerEnds {
  /** Once, when the token is revoked. */
  onRevoked(id: string, listener: () => void): () => void;
  /** Each new end of the token. */
  onTokenEndChanged(id: string, listener: (expiresAt: number | null) => void): () => void;
  /** Once, when the token may use the cluster no more; at once where that is so. */
  onClusterClosed(token: Token, clusterId: string, listener: (refusal: AppError) => void): () => void;
}

/** How long what a caller has open may last. @param clusterId the one that it is about; null: none, or not known yet */
export function callerLife(ends: CallerEnds, clock: Clock, caller: Caller, clusterId: string | null): CallerLife {
  const controller = new AbortController();
  if (caller.kind === 'owner') return { signal: controller.signal, end: () => undefined };
  const { id, expiresAt } = caller.token;
  let timer: NodeJS.Timeout | undefined;
  const endAt = (time: number | null) => {
    clearTimeout(timer);
    const remaining = time === null ? LONGEST_TIMER : time - clock.now();
    // An engine that lives for longer than a timer can wait checks the token at its next call.
    if (remaining >= LONGEST_TIMER) return;
    const expire = () => controller.abort(new AppError('token-expired', 'The token has expired.'));
    timer = setTimeout(expire, remaining).unref();
  };
  endAt(expiresAt);
  const stops = [
    ends.onRevoked(id, () => controller.abort(new AppError('token-revoked', 'The token was revoked.'))),
    ends.onTokenEndChanged(id, endAt),
    ...(clusterId === null
      ? []
      : [ends.onClusterClosed(caller.token, clusterId, (refusal) => controller.abort(refusal))]),
  ];
  return {
    signal: controller.signal,
    end() {
      for (const stop of stops) stop();
      clearTimeout(timer);
    },
  };
}
