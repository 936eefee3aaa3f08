import { once } from 'node:events';
import type { ServerChannel, Session } from 'ssh2';
import { afterEach, expect, test, vi } from 'vitest';
import { localServer } from '../../helpers/ssh-server.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(onSession: (session: Session) => void) {
  const { connection, close } = await localServer((channel) => channel.end('alive'), onSession);
  closers.push(close);
  return connection;
}

/** No session runs a command: what sftp does not do fails. */
function refusesCommands(session: Session): void {
  session.on('exec', (_accept, reject) => reject());
}

test.each([
  ['a byte from 0x80 on', ['\u00e9cole\r\n']],
  ['text in several pieces', ['Welcome ', 'to the cluster\r\n', 'and more '.repeat(100)]],
])('%s before sftp breaks its channel, and nothing else of the connection', async (_what, pieces) => {
  const connection = await serve((session) => {
    refusesCommands(session);
    session.on('subsystem', (accept: () => ServerChannel) => {
      const channel = accept();
      for (const piece of pieces) channel.write(piece);
    });
  });
  const error = await connection.readFile('/any').catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'channel-refused' });
  expect(connection.closed.aborted).toBe(false);
  const [bytes] = await once(await connection.openSocket('/any'), 'data');
  expect(String(bytes)).toBe('alive');
});

test('a server without sftp keeps no session for it', async () => {
  const closed = vi.fn();
  const connection = await serve((session) => {
    refusesCommands(session);
    session.on('subsystem', (_accept: unknown, reject: () => void) => reject());
    session.on('close', closed);
  });
  await expect(connection.readFile('/any')).rejects.toMatchObject({ code: 'channel-refused' });
  await vi.waitFor(() => expect(closed).toHaveBeenCalled());
});
