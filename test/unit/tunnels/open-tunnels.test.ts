import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { OpenTunnels } from '../../../electron/core/tunnels/open-tunnels.ts';
import { SharedTunnels } from '../../../electron/core/tunnels/shared-tunnels.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { localEndSchema } from '../../../electron/shared/tunnels.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';

const target = { node: 'c1', port: 8080 };
const { signal } = new AbortController();
const endless = { signal, end: () => undefined };
const opened: OpenTunnels[] = [];
afterEach(() => {
  for (const tunnels of opened.splice(0)) tunnels.dispose();
});

/** What is sent through a tunnel comes back. */
function createTunnels() {
  const close = vi.fn();
  const openTunnel = vi.fn(async () => ({
    info: { kind: 'port' as const, text: 'port through the login node', refused: [], warning: null },
    open: async () => new PassThrough(),
    close,
  }));
  const tunnels = new OpenTunnels({
    shared: new SharedTunnels({ openTunnel }),
    clock: systemClock,
    logger: quietLogger,
  });
  opened.push(tunnels);
  return { tunnels, openTunnel, close };
}

describe('tunnels with a local end', () => {
  it('a socket is the user’s alone, carries bytes, and is gone with its tunnel', async () => {
    const { tunnels, close } = createTunnels();
    const state = await tunnels.open({ clusterId: 'a', target, local: { kind: 'socket' } }, signal, endless);
    if (state.local.kind !== 'socket') throw new Error('no socket');
    const { path } = state.local;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const socket = connect(path);
    socket.end('hello');
    expect(await text(socket)).toBe('hello');
    expect(tunnels.list()).toEqual([state]);
    tunnels.close(state.id);
    expect(existsSync(path)).toBe(false);
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(tunnels.list()).toEqual([]);
  });

  it('a port listens on this computer only; closing ends the connections through it', async () => {
    const { tunnels } = createTunnels();
    const { id, local } = await tunnels.open(
      { clusterId: 'a', target, local: { kind: 'port', port: 0 } },
      signal,
      endless,
    );
    if (local.kind !== 'port') throw new Error('no port');
    const socket = connect(local.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('hello');
    await once(socket, 'data');
    tunnels.close(id);
    await once(socket, 'close');
    expect(() => tunnels.close(id)).toThrow(AppError);
  });

  it('two to one endpoint share its route, which closes with the last one', async () => {
    const { tunnels, openTunnel, close } = createTunnels();
    const input = { clusterId: 'a', target, local: { kind: 'port' as const, port: 0 } };
    const [first, second] = await Promise.all([
      tunnels.open(input, signal, endless),
      tunnels.open(input, signal, endless),
    ]);
    expect(openTunnel).toHaveBeenCalledOnce();
    tunnels.close(first.id);
    expect(close).not.toHaveBeenCalled();
    tunnels.close(second.id);
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  });

  it('a port that is taken is refused, and the route is let go', async () => {
    const { tunnels, close } = createTunnels();
    const { local } = await tunnels.open({ clusterId: 'a', target, local: { kind: 'port', port: 0 } }, signal, endless);
    const again = { clusterId: 'b', target, local };
    await expect(tunnels.open(again, signal, endless)).rejects.toMatchObject({ code: 'conflict' });
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(tunnels.list()).toHaveLength(1);
  });

  it('one whose caller may not have it any more closes, also while it is being opened', async () => {
    const { tunnels, close } = createTunnels();
    const life = new AbortController();
    const end = vi.fn();
    const input = { clusterId: 'a', target, local: { kind: 'port' as const, port: 0 } };
    await tunnels.open(input, signal, { signal: life.signal, end });
    const changed = vi.fn();
    tunnels.on('changed', changed);
    life.abort(new AppError('token-revoked', 'Revoked.'));
    expect(tunnels.list()).toEqual([]);
    expect([changed.mock.calls.length, end.mock.calls.length]).toEqual([1, 1]);
    const late = tunnels.open(input, signal, { signal: life.signal, end });
    await expect(late).rejects.toMatchObject({ code: 'token-revoked' });
    expect(tunnels.list()).toEqual([]);
    await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(2));
  });

  it('those of a removed cluster close', async () => {
    const { tunnels } = createTunnels();
    for (const clusterId of ['a', 'b']) {
      await tunnels.open({ clusterId, target, local: { kind: 'port', port: 0 } }, signal, endless);
    }
    const changed = vi.fn();
    tunnels.on('changed', changed);
    tunnels.keepOnly((id) => id === 'b');
    expect(tunnels.list().map(({ clusterId }) => clusterId)).toEqual(['b']);
    tunnels.keepOnly((id) => id === 'b');
    expect(changed).toHaveBeenCalledOnce();
  });
});

it('takes whole paths that fit into a socket address', () => {
  const isValid = (path: string) => localEndSchema.safeParse({ kind: 'socket', path }).success;
  expect(isValid('/run/user/1000/db.sock')).toBe(true);
  expect(isValid('db.sock')).toBe(false);
  expect(isValid(`/${'a'.repeat(103)}`)).toBe(false);
});
