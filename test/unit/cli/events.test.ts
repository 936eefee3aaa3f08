import { expect, test, vi } from 'vitest';
import { followEvents } from '../../../cli/actions/events.ts';
import type { EngineSession } from '../../../cli/engine-session.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Transition } from '../../../electron/shared/transitions.ts';

test('what happens before the subscription stands is printed once and in order', async () => {
  const eventOf = (id: number): Transition => ({
    ...{ id, at: 0, kind: 'ended', instanceId: null, clusterId: 'c1', values: {} },
  });
  const history = [eventOf(1), eventOf(2)];
  const ending = new AbortController();
  const session = {
    interrupted: ending.signal,
    request: async (name: string, input?: { after: number }) =>
      name === 'app.state' ? { state: {} } : { transitions: history.filter(({ id }) => id > (input?.after ?? 0)) },
    client: {
      async subscribe(listener: (event: object) => void, { signal }: { signal: AbortSignal }) {
        history.push(eventOf(3));
        listener({ name: 'snapshot' });
        history.push(eventOf(4));
        listener({ name: 'transition', payload: eventOf(4) });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
  };
  const printed: number[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    printed.push(JSON.parse(String(line)).id);
    return true;
  });
  try {
    const followed = followEvents(session as unknown as EngineSession, history.slice(1), true);
    await vi.waitFor(() => expect(printed).toContain(4));
    ending.abort(new AppError('cancelled', 'Interrupted.'));
    await followed;
  } finally {
    write.mockRestore();
  }
  expect(printed).toEqual([2, 3, 4]);
});
