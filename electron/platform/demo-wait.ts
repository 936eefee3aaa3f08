import type { StateRelay } from '../ipc/state-relay.ts';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';

interface WaitDeps {
  relay: StateRelay;
  /** Fires when Tunel is to quit. */
  signal: AbortSignal;
}

/** Looks at each change of the state, until something is found. @throws AppError `timeout` when the limit fires */
export function waitFor<T>(
  { relay, signal }: WaitDeps,
  limit: AbortSignal,
  what: string,
  look: () => T | null | undefined,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const settle = (finish: () => void) => {
      relay.off('changed', check);
      relay.off('state', check);
      limit.removeEventListener('abort', onLimit);
      finish();
    };
    const onLimit = () => {
      if (signal.aborted && limit.reason === signal.reason) return settle(() => reject(AppError.from(signal.reason)));
      const asked = relay.state.prompts.length > 0 ? ' The cluster asks for a sign-in.' : '';
      const error = new AppError('timeout', message`Waited too long for ${{ condition: what }}.${{ prompt: asked }}`, {
        hint: 'Start Tunel with a display and look at the app’s log.',
      });
      settle(() => reject(error));
    };
    const check = () => {
      try {
        const found = look();
        if (found !== null && found !== undefined) settle(() => resolve(found));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    relay.on('changed', check);
    relay.on('state', check);
    limit.addEventListener('abort', onLimit, { once: true });
    if (limit.aborted) onLimit();
    else check();
  });
}
