import { AppError } from '../electron/shared/errors.ts';
import { isUp } from '../electron/shared/instance-policy.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineState } from '../electron/shared/state.ts';
import type { StateSession } from './engine-session.ts';
import { hasEnded } from './find-in-state.ts';
import { printLaunchSteps } from './launch-steps.ts';
import { showInstanceWait } from './wait-status.ts';

/** Past the point where the app goes on without its command. */
const isSubmitted = (instance: Instance) => instance.job !== null || isUp(instance.state) || hasEnded(instance);

/** Absent until the engine's event about the launch has come. */
const instanceOf = (state: EngineState, id: string) => state.instances.find((instance) => instance.id === id);

/** What the command has no part in any more: it lives, is over, or waits for the user to continue it. */
const isOnItsOwn = (instance: Instance) => isSubmitted(instance) || instance.state === 'interrupted';

/** Prints the steps of a launch; resolves when it is submitted, or with `wait` ready. Ctrl-C before cancels the launch. */
export async function followLaunch(
  session: StateSession,
  id: string,
  { wait, quiet }: { wait: boolean; quiet: boolean },
): Promise<Instance> {
  const stop = quiet ? () => {} : printLaunchSteps(session, id);
  const hide = quiet ? () => {} : showInstanceWait(session, id);
  try {
    return await session.until((state) => {
      const now = instanceOf(state, id);
      if (now?.state === 'interrupted') throw launchInterrupted(now);
      return now && (hasEnded(now) || isUp(now.state) || (!wait && isSubmitted(now))) ? now : null;
    });
  } catch (error) {
    // Nothing half-started stays behind.
    const now = instanceOf(session.state(), id);
    if (!now || !isOnItsOwn(now)) await session.client.request('instances.stop', { id });
    throw error;
  } finally {
    hide();
    stop();
  }
}

function launchInterrupted({ id, title }: Instance): AppError {
  return new AppError('engine-down', message`The launch of ${{ title }} was interrupted: its engine ended.`, {
    hint: message`Continue it with: tunel continue ${{ id }}, or remove it with: tunel forget ${{ id }}`,
  });
}
