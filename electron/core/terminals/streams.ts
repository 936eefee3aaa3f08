import { PassThrough } from 'node:stream';
import type { StreamHandlersOf } from '../byte-streams.ts';
import type { Terminals } from './types.ts';

export function terminalStreams(terminals: Terminals): StreamHandlersOf<'terminals.exec' | 'terminals.open'> {
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
    async 'terminals.open'({ target, ...options }, signal) {
      const terminal = await terminals.openTerminal(target, { ...options, signal });
      return {
        opened: {},
        data: terminal.stream,
        stderr: null,
        closed: terminal.ended,
        control(message) {
          if (message.kind === 'resize') terminal.resize(message);
        },
      };
    },
  };
}
