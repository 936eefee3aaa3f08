import { expect, test } from 'vitest';
import { StateFollower } from '../../../cli/state-follower.ts';
import type { CoreClient } from '../../../electron/client/core-client.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { emptyEngineState } from '../../../electron/shared/state.ts';

const engineDown = () => new AppError('engine-down', 'The engine ended before it answered.');
const unused = () => Promise.reject(new Error('Nobody asks this here.'));

/** A client whose first subscriptions end without a state, as those to an engine that is dying do. */
function clientAfter(deaths: number): { client: CoreClient; subscriptions: () => number } {
  let subscriptions = 0;
  const client: CoreClient = {
    request: unused,
    openStream: unused,
    async subscribe(listener, { signal }) {
      subscriptions += 1;
      if (subscriptions <= deaths) throw engineDown();
      listener({ name: 'snapshot', payload: { revision: 1, state: emptyEngineState } });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
  return { client, subscriptions: () => subscriptions };
}

const follow = (client: CoreClient) =>
  new StateFollower(client, { answersPrompts: false, onNextEngine: async () => undefined });

test('an engine that took the subscription while it died is followed by the next one', async () => {
  const { client } = clientAfter(2);
  const follower = follow(client);
  await follower.start();
  expect(follower.isCurrent).toBe(true);
  follower.close();
});

test('engines that end one after the other, before they have said anything, are given up', async () => {
  const { client, subscriptions } = clientAfter(100);
  await expect(follow(client).start()).rejects.toMatchObject({ code: 'engine-down' });
  expect(subscriptions()).toBe(6);
});
