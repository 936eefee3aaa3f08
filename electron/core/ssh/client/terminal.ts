import { AppError } from '../../../shared/errors.ts';
import type { LongSession } from '../shells/long-commands.ts';
import type { CommandEnd, Terminal, TerminalSize } from '../types.ts';

/**
 * The one command asked of a login shell for a script on a terminal; every csh, fish and sh reads it the same. What to run
 * comes first on the terminal itself, which does not show it: base64 in lines that its line buffer (4096) takes, then an
 * empty one.
 */
const TERMINAL_COMMAND = `exec /bin/sh -c 't=; while IFS= read -r l && [ -n "$l" ]; do t=$t$l; done; stty echo; eval "$(printf %s "$t" | base64 -d)"'`;
const LINE = 1000;

/** A script as that command reads it. */
export function typedScript(script: string): string {
  const text = Buffer.from(script, 'utf8').toString('base64');
  return `${(text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []).join('\n')}\n\n`;
}

/** A terminal over an exec or shell channel. */
export function terminalSession(asked: TerminalSize & { type: string; script?: string }): LongSession<Terminal> {
  const { columns, rows, type, script } = asked;
  const size = { cols: columns, rows, width: 0, height: 0 };
  const modes = script === undefined ? {} : ({ ECHO: 0 } as const);
  return {
    async channel({ channels }, signal, isWorthWaiting) {
      const command = script === undefined ? null : TERMINAL_COMMAND;
      try {
        return await channels.terminal({ ...size, term: type, modes }, command, signal, isWorthWaiting);
      } catch (error) {
        throw noTerminal(error);
      }
    },
    async begin(_node, channel, _signal, _lost) {
      const end: CommandEnd = { code: null, signal: null };
      channel.on('exit', (code: number | null, name?: string) => {
        end.code = code;
        end.signal = name ?? null;
      });
      channel.on('error', () => undefined);
      const ended = new Promise<CommandEnd>((resolve) => {
        channel.on('close', () => resolve(end));
      });
      if (script !== undefined) channel.write(typedScript(script));
      return {
        stream: channel,
        ended,
        resize: (now) => {
          if (channel.writable) channel.setWindow(now.rows, now.columns, 0, 0);
        },
      };
    },
  };
}

function noTerminal(error: unknown): unknown {
  const text = error instanceof Error ? error.message : '';
  if (error instanceof AppError || !/pseudo-terminal/i.test(text)) return error;
  return new AppError('channel-refused', 'This server gives no terminals.', {
    hint: 'Run single commands there with: tunel exec',
    detail: text,
    cause: error,
  });
}
