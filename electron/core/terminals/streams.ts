import { PassThrough } from 'node:stream';
import type { ByteStream } from '../../client/byte-stream.ts';
import type { StreamClosed } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { KeptTerminal } from '../../shared/terminals.ts';
import type { StreamHandlersOf } from '../byte-streams.ts';
import type { CommandEnd, Terminal } from '../ssh/types.ts';
import type { Terminals } from './types.ts';

export function terminalStreams(
  terminals: Terminals,
): StreamHandlersOf<'terminals.exec' | 'terminals.open' | 'terminals.attach'> {
  return {
    async 'terminals.exec'({ target, script }, signal) {
      const stderr = new PassThrough();
      const command = await terminals.openCommand(target, script, { signal, stderr });
      void command.ended.then(() => stderr.end());
      return {
        opened: {},
        data: command,
        stderr,
        closed: command.ended,
        control(message) {
          if (message.kind === 'interrupt') command.interrupt();
        },
      };
    },
    async 'terminals.open'({ target, keep, ...options }, signal) {
      if (!keep) {
        const terminal = await terminals.openTerminal(target, { ...options, signal });
        return terminalStream(terminal, { kept: null, notKept: null }, null);
      }
      const { kept, notKept, closed, ...terminal } = await terminals.openKept(target, { ...options, ...keep, signal });
      return terminalStream(terminal, { kept, notKept }, closed);
    },
    async 'terminals.attach'({ clusterId, id, ...options }, signal) {
      const { kept, closed, ...terminal } = await terminals.attachKept({ clusterId, id }, { ...options, signal });
      return terminalStream(terminal, { kept }, closed);
    },
  };
}

function terminalStream<O extends { kept: KeptTerminal | null }>(
  terminal: Terminal,
  opened: O,
  connectionClosed: AbortSignal | null,
): ByteStream<O, StreamClosed<'terminals.open'>> {
  return {
    opened,
    data: terminal.stream,
    stderr: null,
    closed: terminal.ended.then((end) =>
      opened.kept ? describeKeptEnd(end, connectionClosed) : { ...end, left: null },
    ),
    control(message) {
      if (message.kind === 'resize') terminal.resize(message);
    },
  };
}

/** What shows a kept terminal says by its last signal why it left; an exit code is that of the shell. */
function describeKeptEnd(end: CommandEnd, connectionClosed: AbortSignal | null): StreamClosed<'terminals.open'> {
  const away = { code: null, signal: null };
  const signal = end.signal?.replace(/^SIG/, '');
  if (signal === 'USR1') return { ...away, left: 'taken' };
  if (signal === 'USR2') return { ...away, left: 'gone' };
  const isLost = end.code === null && end.signal === null;
  // The reason of a connection that the user has closed.
  const isUsersWish = connectionClosed?.aborted && AppError.from(connectionClosed.reason).code === 'cancelled';
  return { ...end, left: isLost && isUsersWish ? 'disconnected' : null };
}
