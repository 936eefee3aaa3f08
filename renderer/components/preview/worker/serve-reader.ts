import { AppError } from '../../../../electron/shared/errors.ts';
import type { FromWorker, Questions, ReadRange, ToWorker } from './messages.ts';

interface Waiting {
  resolve(bytes: Uint8Array<ArrayBuffer>): void;
  reject(error: AppError): void;
}

/** Answers a page's questions about one file, in a worker. `open` makes the reader once the size of the file is known. */
export function serveReader(open: (size: number, read: ReadRange) => Questions): void {
  const reads = new Map<number, Waiting>();
  let lastRead = 0;
  let questions: Questions = {};
  const say = (message: FromWorker) => postMessage(message);
  const read: ReadRange = (offset, length) =>
    new Promise((resolve, reject) => {
      lastRead += 1;
      reads.set(lastRead, { resolve, reject });
      say({ kind: 'read', id: lastRead, offset, length });
    });
  const answer = async (id: number, name: string, input: unknown) => {
    try {
      const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
      if (!question) throw new AppError('internal', `A reader has no answer to ${name}.`);
      say({ kind: 'answer', id, value: await question(input as never) });
    } catch (error) {
      say({ kind: 'failed', id, error: AppError.from(error).serialize() });
    }
  };
  addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    if (data.kind === 'open') questions = open(data.size, read);
    else if (data.kind === 'ask') void answer(data.id, data.name, data.input);
    else {
      const waiting = reads.get(data.id);
      reads.delete(data.id);
      if (data.kind === 'part') waiting?.resolve(data.bytes);
      else waiting?.reject(AppError.revive(data.error));
    }
  });
  say({ kind: 'ready' });
}
