import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { AppChannel, type Unreachable } from '../../../electron/core/gateway/app-channel.ts';
import { HOLD } from '../../../electron/core/gateway/hold-policy.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { serveSchema } from '../../../electron/shared/recipes.ts';
import { ManualClock, settle } from './manual-clock.ts';

function setUp() {
  const clock = new ManualClock();
  const far = { state: 'down' as 'up' | 'down' | 'ended', message: 'Reconnecting.', opens: 0, lost: false };
  const app = new AppChannel(
    {
      id: 'a',
      serve: serveSchema.parse({}),
      user: 'ada',
      token: 't',
      open: async () => {
        far.opens += 1;
        if (far.lost) throw new AppError('connection-lost', 'Lost.');
        return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
      },
      status: () => far,
    },
    'a.apps.internal',
    clock,
  );
  const acquire = (patient: boolean, signal = new AbortController().signal) =>
    app.acquire({ signal, sending: false, patient, deadline: app.deadline() });
  return { clock, far, app, acquire };
}

it('waits for the tunnel as long as it may, and says then what is wrong', async () => {
  const { clock, acquire, far } = setUp();
  const failure = acquire(true).then(
    () => null,
    (error: Unreachable) => error,
  );
  await clock.pass(HOLD - 2_000);
  let over = false;
  void failure.then(() => {
    over = true;
  });
  await settle();
  expect(over).toBe(false);
  await clock.pass(4_000);
  expect(await failure).toMatchObject({ kind: 'down', message: 'Reconnecting.' });
  expect(far.opens).toBe(0);
});

it('does not wait when it must not, and never for an app that has ended', async () => {
  const { acquire, far } = setUp();
  await expect(acquire(false)).rejects.toMatchObject({ kind: 'down' });
  far.state = 'ended';
  await expect(acquire(true)).rejects.toMatchObject({ kind: 'ended' });
});

it('goes on at a wake, and by itself within a look', async () => {
  const { app, acquire, far, clock } = setUp();
  const first = acquire(true);
  far.state = 'up';
  app.wake();
  expect((await first).reused).toBe(false);
  far.state = 'down';
  const second = acquire(true);
  far.state = 'up';
  await clock.pass(1_000);
  await second;
});

it('waits when the connection is lost although the status does not know yet', async () => {
  const { app, acquire, far } = setUp();
  far.state = 'up';
  far.lost = true;
  const channel = acquire(true);
  await settle();
  expect(far.opens).toBe(1);
  far.lost = false;
  app.wake();
  await channel;
});

it('lets go who gives up', async () => {
  const { acquire } = setUp();
  const gone = new AbortController();
  const waiting = acquire(true, gone.signal);
  gone.abort(new AppError('cancelled', 'Given up.'));
  await expect(waiting).rejects.toThrow('Given up.');
});
