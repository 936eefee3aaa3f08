import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { sendEvents } from '../../../electron/core/api/event-stream.ts';
import type { Core } from '../../../electron/core/core.ts';
import { tokenSchema } from '../../../electron/shared/tokens.ts';
import type { Transition } from '../../../electron/shared/transitions.ts';

const token = tokenSchema.parse({
  ...{ id: 't1', name: 'agent', scopes: ['read'], clusters: null },
  ...{ createdAt: 0, expiresAt: null, revokedAt: null, lastUsedAt: null },
});

test('a subscription hears no more of a cluster that the user closed to other programs', () => {
  const sent: string[] = [];
  const response = Object.assign(new EventEmitter(), {
    writableLength: 0,
    writeHead: () => undefined,
    write: (text: string) => void sent.push(...(/^id: (\d+)/.exec(text)?.slice(1) ?? [])),
  });
  let open = ['c1', 'c2'];
  const listeners: ((transition: Transition) => void)[] = [];
  const core: Pick<Core, 'clustersOf' | 'onTransition' | 'transitionsAfter'> = {
    clustersOf: () => open,
    transitionsAfter: () => [],
    onTransition(listener) {
      listeners.push(listener);
      return () => undefined;
    },
  };
  sendEvents(response as unknown as ServerResponse, {
    ...{ core: core as Core, caller: { kind: 'token', token, clusters: open }, clusterId: null, lastEventId: null },
    ...{ stopping: new AbortController().signal, onEnd: () => undefined },
  });
  const happen = (id: number, clusterId: string) => {
    for (const each of listeners) each({ id, at: 0, kind: 'ended', instanceId: null, clusterId, values: {} });
  };
  happen(1, 'c1');
  open = ['c2'];
  happen(2, 'c1');
  happen(3, 'c2');
  expect(sent).toEqual(['1', '3']);
});

test('a client that stops reading loses its subscription at a bound, with a code that it reads when it goes on', async () => {
  const listeners = new Set<(transition: Transition) => void>();
  const core: Pick<Core, 'clustersOf' | 'onTransition' | 'transitionsAfter'> = {
    clustersOf: () => ['c1'],
    transitionsAfter: () => [],
    onTransition(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const ended = vi.fn();
  const unread: number[] = [];
  const server = createServer((_request, response) => {
    sendEvents(response, {
      ...{ core: core as Core, caller: { kind: 'token', token, clusters: ['c1'] }, clusterId: null, lastEventId: null },
      ...{ stopping: new AbortController().signal, onEnd: ended },
    });
    const listener = () => void unread.push(response.writableLength);
    server.on('happened', listener);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.pause().write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await expect.poll(() => listeners.size).toBe(1);
    const title = 'x'.repeat(50_000);
    for (let id = 1; listeners.size > 0 && id < 2000; id += 1) {
      for (const listener of listeners) {
        listener({ id, at: 0, kind: 'ended', instanceId: null, clusterId: 'c1', values: { title } });
      }
      server.emit('happened');
      await setImmediate();
    }
    expect(listeners.size).toBe(0);
    expect(Math.max(...unread)).toBeLessThan(512 * 1024);
    expect(ended).not.toHaveBeenCalled();
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await once(socket.resume(), 'end');
    expect(text).toMatch(/event: engine\.stopped\ndata: .*"client-too-slow"/);
    await expect.poll(() => ended.mock.calls.length).toBe(1);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
