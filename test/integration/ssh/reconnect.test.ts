import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import type { Clock } from '../../../electron/core/deps.ts';
import { KEEPALIVE_MS, longestUnnoticed } from '../../../electron/core/ssh/client/keepalive-policy.ts';
import type { Connection } from '../../../electron/core/ssh/types.ts';
import {
  type ClusterInfo,
  killSessions,
  oneTimeCode,
  onNode,
  resetOneTimeCodes,
  upCluster,
} from '../../helpers/clusters.ts';
import { behindBastion, createWorld, failure, forgiveFailures, secret, typed, until, type World } from './harness.ts';

let info: ClusterInfo;
let world: World;
let connected: Connection[];

beforeAll(async () => {
  info = await upCluster('login');
});
beforeEach(async () => {
  await forgiveFailures(info);
  world = await createWorld({ keepaliveMs: 300, idleMs: 300 });
  connected = [];
  world.connections.on('connected', (_id, connection) => connected.push(connection));
});
afterEach(() => world.dispose());

test('one connection for all who ask at once; it closes when idle, not while the user wants it', async () => {
  world.add(behindBastion(info));
  const leases = await Promise.all([1, 2, 3].map(() => world.connections.acquire('c1')));
  expect(new Set(leases.map((lease) => lease.connection)).size).toBe(1);
  expect(connected).toHaveLength(1);
  for (const lease of leases) lease.release();
  await until('closed when idle', () => world.connections.status('c1').state === 'disconnected');
  await world.connections.connect('c1');
  (await world.connections.acquire('c1')).release();
  await until('a round trip was measured', () => world.connections.status('c1').roundTrip);
  expect(world.connections.status('c1').state).toBe('connected');
  await world.connections.disconnect('c1');
  expect(world.connections.status('c1').state).toBe('disconnected');
});

test('one who gives up leaves the attempt to the others', async () => {
  world.add(behindBastion(info));
  const abort = new AbortController();
  const first = failure(world.connections.acquire('c1', abort.signal));
  const second = world.connections.acquire('c1');
  abort.abort();
  expect(await first).toMatchObject({ code: 'cancelled' });
  (await second).release();
  expect(connected).toHaveLength(1);
});

test('comes back after the sshd was killed, with the typed password but without a question', async () => {
  world.add(behindBastion(info, 22, { methods: ['password'], keyFiles: [] }));
  world.answers(secret('ada-secret'), secret('ada-secret'));
  const lease = await world.connections.acquire('c1');
  await until('a session is killed', () => killSessions(info, 'login'));
  await until('lost', () => lease.connection.closed.aborted);
  expect(await failure(lease.connection.run('true'))).toMatchObject({ code: 'connection-lost' });
  const again = await until('up again', () => connected[1]);
  expect((await again.run('hostname')).stdout).toBe('login\n');
  expect(world.asked).toHaveLength(2);
  expect(world.events.map((event) => event.kind)).toEqual([
    'asked',
    'asked',
    'connected',
    'disconnected',
    'reconnected',
  ]);
  expect(world.statuses.map((status) => status.state)).toContain('reconnecting');
  lease.release();
});

test('asks for a one-time code again, and waits for the user when that is cancelled', async () => {
  await resetOneTimeCodes(info);
  world.add(behindBastion(info, 2204, { methods: ['key', 'interactive'] }));
  world.answers(secret('ada-secret'), () => typed(oneTimeCode(info)), { kind: 'cancel' });
  await world.connections.connect('c1');
  await until('a session is killed', () => killSessions(info, 'login'));
  await until('waits', () => world.connections.status('c1').state === 'sign-in-needed');
  expect(world.asked.map((prompt) => prompt.kind)).toEqual(['secret', 'interactive', 'interactive']);
  await resetOneTimeCodes(info);
  world.answers(() => typed(oneTimeCode(info)));
  world.connections.retry('c1');
  await until('connected', () => world.connections.status('c1').state === 'connected');
});

test('notices a frozen server and tries again until it answers', async () => {
  world.add(behindBastion(info));
  const lease = await world.connections.acquire('c1');
  const sessions = `pgrep -f '^sshd(-session)?: ada' | xargs kill`;
  await onNode(info, 'bastion', `${sessions} -STOP`);
  try {
    await until('lost', () => lease.connection.closed.aborted);
    expect(lease.connection.closed.reason).toMatchObject({
      code: 'connection-lost',
      message: 'login stopped answering.',
    });
    // New sessions are not frozen.
    await until('up again', () => connected[1]);
  } finally {
    await onNode(info, 'bastion', `${sessions} -KILL || true`);
    lease.release();
  }
});

test('notices a frozen server within half a minute', async () => {
  const factor = Number(process.env.TUNEL_TEST_CLOCK_FACTOR ?? 5);
  const started = Date.now();
  // A clock that goes faster, and the product's own interval.
  const clock: Clock = {
    now: () => started + (Date.now() - started) * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
  const other = await createWorld({ clock });
  const sessions = `pgrep -f '^sshd(-session)?: ada' | xargs kill`;
  try {
    other.add(behindBastion(info));
    const lease = await other.connections.acquire('c1');
    await until('a round trip', () => other.connections.status('c1').roundTrip);
    await onNode(info, 'bastion', `${sessions} -STOP`);
    const frozen = clock.now();
    await until('lost', () => lease.connection.closed.aborted);
    const took = clock.now() - frozen;
    console.log(`a frozen server was noticed after ${Math.round(took / 100) / 10} s`);
    expect(took).toBeLessThan(longestUnnoticed(KEEPALIVE_MS) + 2000 * factor);
    expect(longestUnnoticed(KEEPALIVE_MS)).toBeLessThanOrEqual(30_000);
    lease.release();
  } finally {
    await onNode(info, 'bastion', `${sessions} -KILL || true`);
    await other.dispose();
  }
});

test('looks at once whether the connection survived a sleep of this machine', async () => {
  let slept = 0;
  const clock = { ...systemClock, now: () => Date.now() + slept };
  const other = await createWorld({ keepaliveMs: 300, clock });
  try {
    other.add(behindBastion(info));
    const lease = await other.connections.acquire('c1');
    slept = 3_600_000;
    await until('a round trip', () => other.connections.status('c1').roundTrip);
    expect((await lease.connection.run('echo awake')).stdout).toBe('awake\n');
    expect(lease.connection.closed.aborted).toBe(false);
    lease.release();
  } finally {
    await other.dispose();
  }
});

test('a server that hangs up while it waits for an answer leaves it to the user to come back', async () => {
  const other = await createWorld();
  other.add({ host: '198.18.1.2', methods: ['password'], knownHostsFile: info.known_hosts });
  other.answers(() => {
    void onNode(info, 'bastion', `pgrep -f '^sshd(-session|-auth)?: .*[[]net[]]' | xargs kill -KILL`);
    return null;
  });
  try {
    const error = await failure(other.connections.acquire('c1'));
    expect(error).toMatchObject({ code: 'sign-in-needed', message: '198.18.1.2:22 stopped waiting for your answer.' });
    expect(other.connections.status('c1').state).toBe('sign-in-needed');
    expect(other.prompts.list()).toEqual([]);
  } finally {
    await other.dispose();
  }
});
