import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { CommandEnd, Connection } from '../ssh/types.ts';
import { PairReader } from './tree-script.ts';

/**
 * Runs a script that prints pairs, each part ended by NUL, of which there may be more than one string holds.
 * @throws AppError of the connection or the signal
 */
export async function readPairs(
  connection: Pick<Connection, 'openCommand' | 'closed'>,
  script: string,
  onPair: (first: string, second: string) => void,
  { stdin, signal }: { stdin?: Uint8Array; signal: AbortSignal },
): Promise<{ code: CommandEnd['code']; said: string }> {
  const command = await connection.openCommand(script, { signal });
  const forget = onAbort(signal, () => command.destroy(AppError.from(signal.reason)));
  const reader = new PairReader(onPair);
  try {
    command.end(stdin);
    for await (const chunk of command) reader.add(chunk as Buffer);
    const { code } = await command.ended;
    if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
    return { code, said: command.said };
  } catch (error) {
    if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
    throw error;
  } finally {
    forget();
    command.destroy();
  }
}
