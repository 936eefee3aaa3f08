import { AppError } from '../electron/shared/errors.ts';
import { isLive, isOver, isUp } from '../electron/shared/instance-policy.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { showSteps } from './commands/steps.ts';
import type { OpenCore } from './open-core.ts';
import { findInstance } from './places.ts';

export const ended = (instance: Instance) => isOver(instance.state);
/** Nothing more happens to it by itself. */
export const isSettled = (instance: Instance) => !isLive(instance.state);
/** Past the point where the app lives on without us. */
const submitted = (instance: Instance) => instance.job !== null || isUp(instance.state) || ended(instance);

/** Shows the steps of a launch; resolves when it is submitted, or with `wait` ready. Ctrl-C before takes it back. */
export async function followLaunch(
  open: OpenCore,
  id: string,
  { wait, quiet }: { wait: boolean; quiet: boolean },
): Promise<Instance> {
  const stop = quiet ? () => {} : showSteps(open, id);
  try {
    return await open.until((state) => {
      const now = findInstance(state, id);
      return ended(now) || isUp(now.state) || (!wait && submitted(now)) ? now : null;
    });
  } catch (error) {
    // Ctrl-C before the app lives on its own: nothing half-started stays behind.
    if (!submitted(findInstance(open.state(), id))) await open.request('instances.stop', { id });
    throw error;
  } finally {
    stop();
  }
}

/**
 * Prints an app's log from a byte on as it grows, all of it and in order, until the app is over.
 * @param from negative: that many bytes from the end
 * @throws AppError `cancelled` at Ctrl-C; the app runs on
 */
export async function followLog(open: OpenCore, id: string, from: number): Promise<Instance> {
  let next = from;
  let reading = Promise.resolve();
  let failure: AppError | null = null;
  const read = async () => {
    for (;;) {
      const part = await open.request('instances.log', { id, offset: next });
      process.stdout.write(part.text);
      next = part.next;
      if (part.next >= part.size || part.text === '') return;
    }
  };
  // An event tells that there is more; what was too much for it is read all the same.
  const more = () => {
    reading = reading.then(read).catch((error: unknown) => {
      failure = AppError.from(error);
    });
  };
  const stop = open.core.onLog((event) => {
    if (event.id === id) more();
  });
  // Reading keeps the events coming; a lost connection shows in the app's state.
  const renewal = setInterval(more, 10_000);
  more();
  try {
    const last = await open.until((state) => {
      const now = findInstance(state, id);
      return isSettled(now) ? now : null;
    });
    more();
    await reading;
    if (failure) throw failure;
    return last;
  } finally {
    clearInterval(renewal);
    stop();
  }
}
