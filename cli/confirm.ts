import { createInterface } from 'node:readline/promises';
import { AppError } from '../electron/shared/errors.ts';
import { message } from '../electron/shared/messages.ts';
import { passCtrlCOn } from './end-by-signal.ts';

/**
 * Goes on when the user types yes.
 * @param hint for where there is no terminal to ask on
 * @param refusal what the error says of a no
 * @throws AppError `cancelled`
 */
export async function confirm(question: string, hint: string, refusal = 'Nothing was taken over'): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new AppError('cancelled', message`${{ refusal }}: there is no terminal to ask on.`, { hint });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  passCtrlCOn(terminal);
  // Ctrl-C and Ctrl-D close the terminal without an answer; the question alone would wait for ever.
  const closed = new Promise<string>((answer) => terminal.once('close', () => answer('')));
  const reply = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  if (reply.trim() !== 'yes') throw new AppError('cancelled', message`${{ refusal }}.`);
}
