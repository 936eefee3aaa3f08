import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { systemClock as clock } from '../../../electron/core/clock.ts';
import { endsTheSearch, refusalReason } from '../../../electron/core/routes/refusal-reasons.ts';
import { isSameNode, orderRoutes, planRoutes } from '../../../electron/core/routes/route-policy.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import type { Connection } from '../../../electron/core/ssh/types.ts';
import type { RememberedRoute } from '../../../electron/core/storage/remembered-route.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Endpoint } from '../../../electron/shared/instances.ts';
import type { RouteKind } from '../../../electron/shared/kinds.ts';

const socket = (node: string) => ({ kind: 'socket', node, path: '/home/ada/s' }) as const;
const port = (node: string) => ({ kind: 'port', node, port: 8888 }) as const;
const plan = (endpoint: Endpoint, more: Partial<Parameters<typeof planRoutes>[0]> = {}) =>
  planRoutes({
    endpoint,
    loginNodes: ['login1'],
    job: { launcher: 'slurm', canEnter: true },
    hasToken: true,
    forbidden: [],
    ...more,
  });

describe('the order of routes', () => {
  it.each([
    ['socket on the login node', socket('login1.example.org'), ['socket', 'relay']],
    ['socket on a node', socket('c1'), ['socket', 'node', 'relay']],
    ['port on a node', port('c1'), ['node', 'relay', 'port']],
    ['port on the login node, where a relay is no more private', port('LOGIN1'), ['port', 'relay']],
  ] as const)('%s', (_, endpoint, expected) => expect(plan(endpoint).map((step) => step.kind)).toEqual(expected));

  it('knows the login node by each of its names, and a node by its short one', () => {
    const loginNodes = ['cluster.example.org', 'login2'];
    expect(plan(socket('login2.example.org'), { loginNodes }).map((step) => step.kind)).toEqual(['socket', 'relay']);
    expect(isSameNode('C1.cluster.example', 'c1')).toBe(true);
    expect(isSameNode('c1', 'c10')).toBe(false);
  });

  it('warns of what others can reach, and only of that', () => {
    expect(plan(socket('c1')).every((step) => step.warning === null)).toBe(true);
    expect(plan(port('c1')).every((step) => step.warning !== null)).toBe(true);
    expect(plan(port('login1')).every((step) => step.warning !== null)).toBe(true);
  });

  it('opens no port that others can reach to an app without a token of its own, by any way', () => {
    const barred = (endpoint: Endpoint) => plan(endpoint, { hasToken: false }).map(({ barred: bar }) => bar?.code);
    expect(barred(port('c1'))).toEqual([undefined, undefined, 'no-token']);
    expect(barred(port('login1'))).toEqual(['no-token', 'no-token']);
    expect(barred(socket('c1'))).toEqual([undefined, undefined, undefined]);
  });

  it('leaves out what the site forbids and what the launcher has no way for, and says so', () => {
    const steps = plan(socket('c1'), { forbidden: ['node'], job: { launcher: 'lsf', canEnter: false } });
    expect(steps.map(({ barred }) => barred?.reason)).toEqual([
      undefined,
      "the site's profile forbids it",
      'lsf lets no command into a running job',
    ]);
  });

  it('does not go on to a less private way when a host key cannot be trusted', () => {
    for (const code of ['host-key-changed', 'host-key-revoked', 'host-key-refused', 'cancelled'] as const) {
      expect(endsTheSearch(new AppError(code, ''))).toBe(true);
    }
    expect(endsTheSearch(new AppError('auth-failed', ''))).toBe(false);
  });
});

describe('what worked last', () => {
  const HOUR = 3_600_000;
  const remembered = (kind: RouteKind, refused: RouteKind[]): RememberedRoute => ({
    kind,
    refused: refused.map((refusal) => ({ kind: refusal, reason: `${refusal}: no` })),
    at: 0,
  });
  const order = (steps: ReturnType<typeof plan>, memory: RememberedRoute, at: number) => {
    const ordered = orderRoutes(steps, memory, at);
    return { kinds: ordered.steps.map(({ kind }) => kind).join(' '), known: ordered.known };
  };

  it('comes first, with the reasons the more private ways had', () => {
    expect(order(plan(socket('c1')), remembered('relay', ['socket', 'node']), HOUR)).toEqual({
      kinds: 'relay socket node',
      known: [
        { kind: 'socket', reason: 'socket: no' },
        { kind: 'node', reason: 'node: no' },
      ],
    });
  });

  it.each([
    ['a day has passed', socket('c1'), remembered('node', ['socket']), 25 * HOUR, 'socket node relay'],
    ['an hour has passed, for a port', port('c1'), remembered('port', ['node', 'relay']), 2 * HOUR, 'node relay port'],
    ['a more private way was never tried', port('c1'), remembered('port', ['node']), 1, 'node relay port'],
    ['it is no way to such an endpoint', socket('c1'), remembered('port', []), 1, 'socket node relay'],
    ['the clock was set back', socket('c1'), remembered('node', ['socket']), -1, 'socket node relay'],
  ] as const)('is found out anew when %s', (_, endpoint, memory, at, kinds) => {
    expect(order(plan(endpoint), memory, at)).toEqual({ kinds, known: null });
  });

  it('does not bring back what is forbidden since', () => {
    const steps = plan(socket('c1'), { forbidden: ['node'] });
    expect(order(steps, remembered('node', ['socket']), 1)).toEqual({ kinds: 'socket node relay', known: null });
    expect(order(steps, remembered('relay', ['socket']), 1).known).toContainEqual({
      kind: 'node',
      reason: "the site's profile forbids it",
    });
  });
});

describe('finding a route', () => {
  const refuse = (code: AppError['code']) => () => Promise.reject(new AppError(code, code));
  function connection(own: Partial<Connection>): Connection {
    const never = refuse('internal');
    return {
      node: 'login1',
      closed: new AbortController().signal,
      usage: { sessionsStarted: 0, commandsRun: 0, cpuSeconds: 0 },
      setLoginVariables: () => undefined,
      run: never,
      openCommand: never,
      openSpareCommand: never,
      openTerminal: never,
      openSocket: never,
      openPort: never,
      hop: never,
      writeFile: never,
      upload: never,
      download: never,
      readFile: never,
      ...own,
    };
  }

  const find = (through: Connection, endpoint: Endpoint, hasToken = true) =>
    findRoute({ connection: through, endpoint, hasToken, clock });

  it('names the token that is missing, and tries nothing', async () => {
    const open = connection({ openPort: async () => new PassThrough() });
    await expect(find(open, port('login1'), false)).rejects.toMatchObject({
      code: 'no-route',
      detail: 'port: others on the cluster can reach the port, and the app demands no token of its own',
      hint: expect.stringMatching(/serve\.token/),
    });
    expect((await find(open, port('login1'))).info.kind).toBe('port');
  });

  it('gives back the hop once: after a failed probe, or when the route is closed', async () => {
    const release = vi.fn();
    const failing = connection({ node: 'c1', openSocket: refuse('channel-refused') });
    const main = connection({
      openSocket: refuse('channel-refused'),
      hop: async () => ({ connection: failing, release }),
    });
    await expect(find(main, socket('c1'))).rejects.toMatchObject({ code: 'no-route' });
    expect(release).toHaveBeenCalledTimes(1);

    const working = connection({ node: 'c1', openSocket: async () => new PassThrough() });
    const held = connection({
      openSocket: refuse('channel-refused'),
      hop: async () => ({ connection: working, release }),
    });
    const route = await find(held, socket('c1'));
    expect(release).toHaveBeenCalledTimes(1);
    route.close();
    route.close();
    expect(release).toHaveBeenCalledTimes(2);
  });

  it('closes the channel it probed with', async () => {
    const channel = new PassThrough();
    await find(connection({ openSocket: async () => channel }), socket('login1'));
    expect(channel.destroyed).toBe(true);
  });

  it('stops at a changed host key', async () => {
    const main = connection({ hop: refuse('host-key-changed'), openPort: async () => new PassThrough() });
    await expect(find(main, port('c1'))).rejects.toMatchObject({
      code: 'host-key-changed',
    });
  });

  it('gives a channel that never opens eight seconds', async () => {
    vi.useFakeTimers();
    const waits: Connection['openSocket'] = (_, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const found = find(connection({ openSocket: waits }), socket('login1')).catch(AppError.from);
    await vi.advanceTimersByTimeAsync(8000);
    expect(await found).toMatchObject({ code: 'no-route', detail: expect.stringMatching(/no answer in time.*8 s/) });
    vi.useRealTimers();
  });
});

describe('why a way was refused', () => {
  const [, node, relay] = plan(socket('w1.pool.example'));
  const said = (step: typeof node, error: AppError, reached: boolean) =>
    step && refusalReason(step, 'login1', error, reached);

  it('names the node that takes no ssh, and does not speak of the socket there', () => {
    const unknown = new AppError('host-unknown', 'login1 cannot reach w1.pool.example: it does not know that name.', {
      detail: 'Name or service not known',
    });
    expect(said(node, unknown, false)).toBe(
      'no ssh to w1.pool.example: login1 cannot reach w1.pool.example: it does not know that name. (Name or service not known)',
    );
    expect(said(node, new AppError('auth-failed', 'No key was taken.'), false)).toBe(
      'w1.pool.example does not let you sign in by ssh: No key was taken.',
    );
    expect(said(node, new AppError('channel-refused', ''), true)).toMatch(/^nothing answers at the socket from w1/);
  });

  it("gives a relay's own words", () => {
    const error = new AppError('command-failed', 'The relay in the job on w1 ended: python3 is not there.');
    expect(said(relay, error, false)).toBe('The relay in the job on w1 ended: python3 is not there');
  });
});
