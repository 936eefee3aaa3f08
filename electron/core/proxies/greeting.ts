import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { CommandStream } from '../ssh/types.ts';

/** What `userSshdScript` says first. `none`: there is no sshd. */
export type Greeting = { kind: 'none' } | { kind: 'ready'; hostKey: string; uid: string; user: string; node: string };

const MOST_NOISE = 1024 * 1024;

/** The greeting in the line after the mark; null: another line. */
export function parseGreeting(line: string): Greeting | null {
  // The name comes last: those of a Windows domain may hold spaces.
  const [kind, type, key, uid, node, ...user] = line.trim().split(' ');
  if (kind === 'none') return { kind };
  if (kind !== 'ready' || !type || !key || !/^\d+$/.test(uid ?? '') || !uid || !node || user.length === 0) return null;
  return { kind, hostKey: `${type} ${key}`, uid, node, user: user.join(' ') };
}

/** Reads up to the greeting and leaves the bytes after it in the stream. @throws AppError `command-failed` */
export function readGreeting(command: CommandStream, mark: string, signal: AbortSignal): Promise<Greeting> {
  let seen: Buffer = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const stop = () => {
      command.off('data', onData);
      command.off('end', onEnd);
      command.off('error', fail);
      signal.removeEventListener('abort', onAbort);
      command.pause();
    };
    const fail = (error: unknown) => {
      stop();
      reject(AppError.from(error));
    };
    const onAbort = () => fail(signal.reason);
    const onEnd = () => void command.ended.then(() => fail(notStarted(command.said || seen.toString('utf8').trim())));
    const onData = (chunk: Buffer) => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const at = seen.indexOf(mark);
      const end = at < 0 ? -1 : seen.indexOf('\n', at);
      if (end < 0) {
        if (seen.length > MOST_NOISE) fail(notStarted('It printed more than 1 MiB of something else.'));
        return;
      }
      const line = seen.toString('utf8', at + mark.length, end);
      const greeting = parseGreeting(line);
      if (!greeting) return fail(notStarted(line));
      stop();
      if (seen.length > end + 1) command.unshift(seen.subarray(end + 1));
      resolve(greeting);
    };
    command.on('data', onData);
    command.once('end', onEnd);
    command.on('error', fail);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

const notStarted = (detail: string) =>
  new AppError('command-failed', message`An sshd of your own could not be started there.`, { detail });
