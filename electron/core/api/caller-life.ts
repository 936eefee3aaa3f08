import { AppError } from '../../shared/errors.ts';
import type { Caller } from '../../shared/tokens.ts';
import type { Core } from '../core.ts';
import type { Clock } from '../deps.ts';

/** The longest that a timer of Node can wait, ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface CallerLife {
  /** Fires with `token-revoked` or `token-expired`; never for the user's own clients. */
  readonly signal: AbortSignal;
  end(): void;
}

type Ends = Pick<Core, 'onRevoked' | 'onTokenEndChanged'>;

/** How long an open stream or subscription of a caller may last. */
export function callerLife(core: Ends, clock: Clock, caller: Caller): CallerLife {
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
    core.onRevoked(id, () => controller.abort(new AppError('token-revoked', 'The token was revoked.'))),
    core.onTokenEndChanged(id, endAt),
  ];
  return {
    signal: controller.signal,
    end() {
      for (const stop of stops) stop();
      clearTimeout(timer);
    },
  };
}
