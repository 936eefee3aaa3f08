import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { passwordExpiredError } from '../auth/expired-password.ts';
import { printable } from '../dial/connect-errors.ts';
import { accountLimit } from './account-limit.ts';
import type { MarkedOutput } from './run-protocol.ts';

export interface RawResult {
  stdout: Buffer;
  stderr: string;
  exitCode: number;
}

/** A timer and the caller's signal as one signal; `done` frees both. */
export function limited(
  signal: AbortSignal | undefined,
  timeoutMs: number,
  timeoutError: () => AppError,
): { signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeoutError()), timeoutMs);
  const onAbort = () => {
    const reason: unknown = signal?.reason;
    controller.abort(reason instanceof AppError ? reason : new AppError('cancelled', 'Cancelled.'));
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** The shell, or what ran in it, was gone before the script's end. */
export function endedEarly(node: string, out: MarkedOutput, err: MarkedOutput, exit: string | undefined): AppError {
  const how = exit ? ` (${exit})` : '';
  const output = [err.noise, out.noise, err.bytes.toString('utf8')].filter(Boolean).join('\n');
  const detail = printable(output).slice(-2000);
  return new AppError('command-failed', message`A command on ${{ node }} was ended before it finished${{ how }}.`, {
    detail,
  });
}

/** The login shell printed `output` and was gone before it ran what it was given. */
export function neverBegan(node: string, output: string, exit: string | undefined): AppError {
  const expired = passwordExpiredError(node, output);
  if (expired) return expired;
  const limit = accountLimit(node, output, exit);
  if (limit) return limit;
  const how = exit ? ` (${exit})` : '';
  return new AppError(
    'command-failed',
    message`${{ node }} did not run a command: its login shell ended at once${{ how }}.`,
    {
      hint: 'The account may allow file transfer only, or a login file such as .bashrc ends the shell.',
      detail: printable(output).slice(-2000),
    },
  );
}
