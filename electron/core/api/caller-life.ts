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

/** How long an open stream or subscription of a caller may last. */
export function callerLife(core: Pick<Core, 'onRevoked'>, clock: Clock, caller: Caller): CallerLife {
  const controller = new AbortController();
  if (caller.kind === 'owner') return { signal: controller.signal, end: () => undefined };
  const { id, expiresAt } = caller.token;
  const stop = core.onRevoked(id, () => controller.abort(new AppError('token-revoked', 'The token was revoked.')));
  const remaining = expiresAt === null ? LONGEST_TIMER : expiresAt - clock.now();
  // An engine that lives for longer than a timer can wait checks the token at its next call.
  const timer =
    remaining < LONGEST_TIMER
      ? setTimeout(() => controller.abort(new AppError('token-expired', 'The token has expired.')), remaining).unref()
      : undefined;
  return {
    signal: controller.signal,
    end() {
      stop();
      clearTimeout(timer);
    },
  };
}
