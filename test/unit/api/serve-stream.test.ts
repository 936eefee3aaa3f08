import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { serveStream } from '../../../electron/core/api/serve-stream.ts';
import type { Core } from '../../../electron/core/core.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { owner } from '../../../electron/shared/tokens.ts';

/** A socket of which only the events count. */
class QuietSocket extends EventEmitter {
  readonly calls: string[] = [];
  readonly readyState = 1;
  readonly OPEN = 1;
  close = () => void this.calls.push('close');
  terminate = () => void this.calls.push('terminate');
  send = (text: string) => void this.calls.push(text);
}

function setUp() {
  const socket = new QuietSocket();
  const opened: string[] = [];
  const core: Pick<Core, 'open'> = {
    async open(name) {
      opened.push(name);
      throw new AppError('not-found', 'No.');
    },
  };
  const ending = new AbortController();
  const call = { core: core as Core, name: 'files.upload', caller: owner };
  const served = serveStream(call, socket as unknown as WebSocket, ending.signal);
  return { socket, opened, ending, served };
}

test('a client that has asked for nothing when its token is revoked opens nothing any more', async () => {
  const { socket, opened, ending, served } = setUp();
  ending.abort(new AppError('token-revoked', 'Revoked.'));
  await served;
  socket.emit('message', Buffer.from('{"input": {}}'));
  await setImmediate();
  expect([opened, socket.calls]).toEqual([[], ['close']]);
});

test('a client that breaks the protocol at any time ends its own stream only', async () => {
  const { socket, ending, served } = setUp();
  ending.abort();
  await served;
  socket.emit('message', Buffer.from('{}'));
  socket.emit('error', new Error('Invalid frame'));
  expect(socket.calls).toEqual(['close', 'terminate']);
});
