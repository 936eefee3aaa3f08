import { spawn } from 'node:child_process';
import { z } from 'zod';
import { serializedErrorSchema } from '../shared/error-schemas.ts';
import { AppError } from '../shared/errors.ts';
import { preparePrivateFolder } from './private-folder.ts';

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), error: serializedErrorSchema }),
]);
/** What a starting background engine reports to whoever started it. */
export type BackgroundMessage = z.infer<typeof messageSchema>;

/**
 * Starts a background engine, which outlives this process; resolves when it can be asked.
 * @param file the bundled electron/engine-background.ts
 * @throws AppError `engine-running` when another engine was first, or what it failed with
 */
export async function startBackground(file: string, data: string): Promise<void> {
  preparePrivateFolder(data);
  // Buffers count for the limit of V8's small heap. Where V8 finds that it grows enough, each 8 MB of them cost a full collection.
  const child = spawn(process.execPath, ['--heap-growing-percent=300', file, data], {
    detached: true,
    // Nothing of the terminal: it would keep it open, and get its Ctrl-C.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    cwd: data,
    windowsHide: true,
  });
  await new Promise<void>((resolve, reject) => {
    const settle = (finish: () => void) => {
      child.removeAllListeners();
      child.on('error', () => undefined);
      if (child.connected) child.disconnect();
      child.unref();
      finish();
    };
    child.once('message', (data: unknown) => {
      const message = messageSchema.parse(data);
      settle(() => (message.kind === 'ready' ? resolve() : reject(AppError.revive(message.error))));
    });
    child.on('error', (cause) => settle(() => reject(cannotStart(cause.message, cause))));
    child.once('exit', (code) => {
      const fail = () => settle(() => reject(cannotStart(`its process ended with code ${code}`)));
      // Its last message may arrive after the news of its end.
      if (child.connected) child.once('disconnect', fail);
      else fail();
    });
  });
}

const cannotStart = (why: string, cause?: unknown): AppError =>
  new AppError('engine-down', 'The engine could not be started.', {
    hint: 'See its log with: tunel engine log',
    detail: why,
    cause,
  });
