import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../electron/core/clock.ts';
import { login } from '../../../electron/core/launchers/login/index.ts';
import { slurm } from '../../../electron/core/launchers/slurm/index.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import type { FindRouteInput, Route } from '../../../electron/core/routes/types.ts';
import type { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Endpoint } from '../../../electron/shared/instances.ts';
import { type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { ask, type EchoApp, isGone, startEchoApp, stopEchoApp } from '../../helpers/echo-app.ts';
import { eventually } from '../../helpers/instance.ts';
import { liveConnection } from '../../helpers/live-connection.ts';
import { exchange } from '../../helpers/relay.ts';

let cluster: ClusterInfo;
let connection: LiveConnection;
let onCompute: EchoApp;
let onLogin: EchoApp;

beforeAll(async () => {
  cluster = await upCluster('slurm24', 'shared');
  connection = await liveConnection(cluster, cluster.entry);
  onCompute = await startEchoApp(slurm, cluster, connection, cluster.entry);
  onLogin = await startEchoApp(login, cluster, connection, cluster.entry);
});
afterAll(async () => {
  if (onLogin) await stopEchoApp(login, cluster, connection, onLogin);
  if (onCompute) await stopEchoApp(slurm, cluster, connection, onCompute);
  connection?.close();
});

const find = (endpoint: Endpoint, more: Partial<FindRouteInput> = {}): Promise<Route> =>
  findRoute({ connection, endpoint, hasToken: true, clock, ...more });

/** Finds the way, talks by it on two connections at once, closes it. */
async function route(endpoint: Endpoint, more: Partial<FindRouteInput> = {}): Promise<Route> {
  const found = await find(endpoint, more);
  expect(await Promise.all([ask(found, 'hello'), ask(found, 'you')])).toEqual(['HELLO', 'YOU']);
  found.close();
  found.close();
  return found;
}

const inJob = () => ({ job: { ...onCompute, launcher: slurm } });

describe('routes on a real cluster', () => {
  it('reaches a socket on the login node', async () => {
    const { info } = await route({ kind: 'socket', node: 'slogin.cluster.example', path: onLogin.socket });
    expect(info).toEqual({ kind: 'socket', text: 'socket on the login node', refused: [], warning: null });
  });

  it('reaches a socket on a compute node by a second hop, and says why not from the login node', async () => {
    const endpoint = { kind: 'socket', node: onCompute.node, path: onCompute.socket } as const;
    const { info } = await route(endpoint);
    expect(info).toMatchObject({ kind: 'node', text: `socket through ${onCompute.node}`, warning: null });
    expect(info.refused).toEqual([
      { kind: 'socket', reason: expect.stringMatching(/^nothing answers at the socket from slogin/) },
    ]);
    // The next time it comes first, and the reason is still told.
    const { toRemember } = await route(endpoint);
    const again = await route(endpoint, { remembered: toRemember ?? undefined });
    expect(again.info).toEqual(info);
    expect(again.toRemember).toBeNull();
  });

  it('reaches a port on the loopback of a compute node, and one that is open to the cluster with a warning', async () => {
    const loopback = await route({ kind: 'port', node: onCompute.node, port: onCompute.loopbackPort });
    expect(loopback.info).toMatchObject({ kind: 'node', text: `port through ${onCompute.node}` });
    const open = await route(
      { kind: 'port', node: onCompute.node, port: onCompute.openPort },
      { forbidden: ['node', 'relay'], ...inJob() },
    );
    expect(open.info).toMatchObject({ kind: 'port', warning: expect.stringMatching(/^Others on the cluster/) });
  });

  it('reaches a port on the loopback of the login node', async () => {
    const { info } = await route({ kind: 'port', node: 'slogin', port: onLogin.loopbackPort });
    expect(info).toMatchObject({ kind: 'port', text: 'port on the login node' });
  });

  it('falls back to the port when the node takes no ssh', async () => {
    // pam_slurm lets nobody in without a job there.
    const other = onCompute.node === 'c1' ? 'c2' : 'c1';
    const endpoint = { kind: 'port', node: other, port: 22 } as const;
    const found = await find(endpoint);
    expect(found.info.kind).toBe('port');
    expect(found.info.refused).toEqual([{ kind: 'node', reason: expect.stringContaining(other) }]);
    found.close();
  });

  it('tells every way and its reason when there is none, at once', async () => {
    const started = Date.now();
    const error = await find({ kind: 'socket', node: onCompute.node, path: '/nonexistent/s' }).catch(AppError.from);
    expect(error).toMatchObject({
      code: 'no-route',
      detail: expect.stringMatching(/^socket: nothing answers.*\nnode: nothing answers/),
    });
    expect(Date.now() - started).toBeLessThan(8000);
  });

  it('reaches an app by a relay inside its job where nodes take no ssh, its socket and its port', async () => {
    const { node } = onCompute;
    const more = { forbidden: ['node'] as const, ...inJob() };
    const { info } = await route({ kind: 'socket', node, path: onCompute.socket }, more);
    expect(info).toEqual({
      kind: 'relay',
      text: `relay inside the job on ${node}`,
      refused: [
        { kind: 'socket', reason: expect.stringMatching(/^nothing answers at the socket from slogin/) },
        { kind: 'node', reason: "the site's profile forbids it" },
      ],
      warning: null,
    });
    const byPort = await route({ kind: 'port', node, port: onCompute.loopbackPort }, more);
    expect(byPort.info).toMatchObject({ kind: 'relay', warning: expect.stringMatching(/^Others with a job on/) });
  });

  it('carries every byte through the scheduler', async () => {
    const endpoint = { kind: 'socket', node: onCompute.node, path: onCompute.sameSocket } as const;
    const found = await find(endpoint, { forbidden: ['node'], ...inJob() });
    const both = [
      exchange(await found.open(), 3_000_000, randomBytes(50_001)),
      exchange(await found.open(), 99, randomBytes(99)),
    ];
    for (const { sent, received } of await Promise.all(both)) expect(received).toBe(sent);
    found.close();
  });

  it('leaves no relay and no step in the job, and starts another one when it was killed', async () => {
    const { node } = onCompute;
    const found = await find({ kind: 'socket', node, path: onCompute.socket }, { forbidden: ['node'], ...inJob() });
    const first = await ask(found, 'who');
    await onNode(cluster, node, ['kill', '-KILL', first]);
    const second = await eventually(
      () => ask(found, 'who').catch(() => first),
      (pid) => pid !== first,
    );
    found.close();
    await eventually(() => isGone(cluster, node, second), Boolean);
    const steps = () =>
      onNode(cluster, cluster.entry, `squeue --steps -h -j ${onCompute.id} -o %i | grep -vc batch; true`);
    await eventually(steps, ({ stdout }) => stdout.trim() === '0');
  });

  it('says what the scheduler says when the job is over', async () => {
    const over = { ...onCompute, id: '4000000', launcher: slurm };
    const error = await find(
      { kind: 'socket', node: onCompute.node, path: onCompute.socket },
      { forbidden: ['node'], job: over },
    ).catch(AppError.from);
    expect(error).toMatchObject({
      code: 'no-route',
      detail: expect.stringMatching(/\nrelay: The relay in the job on c\d ended.*Invalid job id/s),
    });
  });

  it('ends with the connection, and with a cancel', async () => {
    const lost = await liveConnection(cluster, cluster.entry);
    lost.close();
    const endpoint = { kind: 'socket', node: 'slogin', path: onLogin.socket } as const;
    await expect(find(endpoint, { connection: lost })).rejects.toMatchObject({ code: 'connection-lost' });
    await expect(find(endpoint, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
