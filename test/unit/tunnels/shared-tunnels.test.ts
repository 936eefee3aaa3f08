import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { SharedTunnels } from '../../../electron/core/tunnels/shared-tunnels.ts';
import type { Tunnel } from '../../../electron/core/tunnels/types.ts';
import { AppError } from '../../../electron/shared/errors.ts';

const target = { node: 'c1', port: 8080 };

/** Each search ends when it is told to, or with its signal. */
function createShared() {
  const searches: { signal: AbortSignal; find: () => void }[] = [];
  const close = vi.fn();
  const tunnel: Tunnel = {
    info: { kind: 'port', text: 'port', refused: [], warning: null },
    open: async () => new PassThrough(),
    close,
  };
  const openTunnel = (_cluster: string, _target: unknown, signal = new AbortController().signal) =>
    new Promise<Tunnel>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(AppError.from(signal.reason)), { once: true });
      searches.push({ signal, find: () => resolve(tunnel) });
    });
  return { shared: new SharedTunnels({ openTunnel }), searches, close, tunnel };
}

it('one who leaves does not end the search for the others, and the last one does', async () => {
  const { shared, searches, close, tunnel } = createShared();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = shared.acquire('a', target, first.signal);
  const stays = shared.acquire('a', target, second.signal);
  first.abort(new AppError('cancelled', 'Left.'));
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  expect(searches).toHaveLength(1);
  searches[0]?.find();
  const held = await stays;
  expect(held.tunnel).toBe(tunnel);
  held.release();
  expect(close).toHaveBeenCalledOnce();

  const alone = shared.acquire('a', target, second.signal);
  second.abort(new AppError('cancelled', 'Left.'));
  await expect(alone).rejects.toMatchObject({ code: 'cancelled' });
  expect(searches[1]?.signal.aborted).toBe(true);
});

it('whoever comes when everybody has left gets a search of their own', async () => {
  const { shared, searches } = createShared();
  const leaver = new AbortController();
  const left = shared.acquire('a', target, leaver.signal);
  leaver.abort(new AppError('cancelled', 'Left.'));
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  const late = shared.acquire('a', target, new AbortController().signal);
  expect(searches).toHaveLength(2);
  searches[1]?.find();
  await expect(late).resolves.toBeDefined();
});
