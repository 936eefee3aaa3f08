import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../../electron/core/ssh/types.ts';
import { endsTheSearch, isSameNode, planRoutes } from '../../../electron/core/tunnels/route-policy.ts';
import { findRoute } from '../../../electron/core/tunnels/routes.ts';
import { AppError } from '../../../electron/shared/errors.ts';

const socket = (node: string) => ({ kind: 'socket', node, path: '/home/ada/s' }) as const;
const port = (node: string) => ({ kind: 'port', node, port: 8888 }) as const;
const kinds = (...input: Parameters<typeof planRoutes>) => planRoutes(...input).map((step) => step.kind);

describe('the order of routes', () => {
  it.each([
    ['socket on the login node', socket('login1.example.org'), undefined, ['socket']],
    ['socket on a node', socket('c1'), undefined, ['socket', 'node']],
    ['socket on a node, node worked last', socket('c1'), 'node', ['node', 'socket']],
    ['socket, and only a port worked last', socket('c1'), 'port', ['socket', 'node']],
    ['port on a node', port('c1'), undefined, ['node', 'port']],
    ['port on a node, port worked last', port('c1'), 'port', ['port', 'node']],
    ['port on the login node', port('LOGIN1'), 'node', ['port']],
  ] as const)('%s', (_, endpoint, remembered, expected) =>
    expect(kinds(endpoint, 'login1', remembered)).toEqual(expected),
  );

  it('warns of what others can reach, and only of that', () => {
    expect(planRoutes(socket('c1'), 'login1').every((step) => step.warning === null)).toBe(true);
    expect(planRoutes(port('c1'), 'login1').every((step) => step.warning !== null)).toBe(true);
  });

  it('knows a node by its short name', () => {
    expect(isSameNode('C1.cluster.example', 'c1')).toBe(true);
    expect(isSameNode('c1', 'c10')).toBe(false);
  });

  it('does not go on to a less private way when a host key cannot be trusted', () => {
    for (const code of ['host-key-changed', 'host-key-revoked', 'host-key-refused', 'cancelled'] as const) {
      expect(endsTheSearch(new AppError(code, ''))).toBe(true);
    }
    expect(endsTheSearch(new AppError('auth-failed', ''))).toBe(false);
  });
});

describe('finding a route', () => {
  const refuse = (code: AppError['code']) => () => Promise.reject(new AppError(code, code));
  function connection(own: Partial<Connection>): Connection {
    const never = refuse('internal');
    return {
      node: 'login1',
      closed: new AbortController().signal,
      run: never,
      openCommand: never,
      openSocket: never,
      openPort: never,
      hop: never,
      writeFile: never,
      readFile: never,
      ...own,
    };
  }

  it('gives back the hop once: after a failed probe, or when the route is closed', async () => {
    const release = vi.fn();
    const failing = connection({ node: 'c1', openSocket: refuse('channel-refused') });
    const main = connection({
      openSocket: refuse('channel-refused'),
      hop: async () => ({ connection: failing, release }),
    });
    await expect(findRoute({ connection: main, endpoint: socket('c1') })).rejects.toMatchObject({ code: 'no-route' });
    expect(release).toHaveBeenCalledTimes(1);

    const working = connection({ node: 'c1', openSocket: async () => new PassThrough() });
    const held = connection({ hop: async () => ({ connection: working, release }) });
    const route = await findRoute({ connection: held, endpoint: socket('c1'), remembered: 'node' });
    expect(release).toHaveBeenCalledTimes(1);
    route.close();
    route.close();
    expect(release).toHaveBeenCalledTimes(2);
  });

  it('closes the channel it probed with', async () => {
    const channel = new PassThrough();
    await findRoute({ connection: connection({ openSocket: async () => channel }), endpoint: socket('login1') });
    expect(channel.destroyed).toBe(true);
  });

  it('stops at a changed host key', async () => {
    const main = connection({ hop: refuse('host-key-changed'), openPort: async () => new PassThrough() });
    await expect(findRoute({ connection: main, endpoint: port('c1') })).rejects.toMatchObject({
      code: 'host-key-changed',
    });
  });

  it('gives a channel that never opens eight seconds', async () => {
    vi.useFakeTimers();
    const waits: Connection['openSocket'] = (_, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const found = findRoute({ connection: connection({ openSocket: waits }), endpoint: socket('login1') }).catch(
      AppError.from,
    );
    await vi.advanceTimersByTimeAsync(8000);
    expect(await found).toMatchObject({ code: 'no-route', detail: expect.stringMatching(/no answer in time.*8 s/) });
    vi.useRealTimers();
  });
});
