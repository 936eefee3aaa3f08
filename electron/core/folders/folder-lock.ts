import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../shared/errors.ts';
import { quote } from '../../shared/shell-quote.ts';
import { directoryError } from '../instances/directory.ts';
import type { Shell } from '../ssh/types.ts';

/** How often whoever holds a folder says that it lives. */
const BEAT_MS = 10_000;
/** How often one that waits looks. */
const LOOK_MS = 1000;
/** After so many looks that saw no sign of life the holder is gone: the app quit, its computer sleeps, its network is cut. */
const PATIENCE = 60;

interface LockOptions {
  /** Who holds it: one for each process, which has its own order among what it does. */
  owner: string;
  signal?: AbortSignal;
  /** Somebody else is at work on the folder. */
  waiting?: () => void;
  patience?: number;
}

export interface HeldFolder {
  /** Fires when somebody else took the folder over. */
  signal: AbortSignal;
  /** A line of sh for a script that changes the folder: ends it with LOST when the lock is not ours any more. */
  check: string;
}

/** Exit code of a script whose lock was taken over. */
export const LOST = 75;

/** @throws AppError `conflict` for LOST */
export const lostError = (): AppError =>
  new AppError('conflict', 'Another window or computer took this folder over while it was sent.', {
    hint: 'Launch again: what arrived is not sent a second time.',
  });

/**
 * One at a time works on a folder of a cluster: this window, a terminal, another computer with the same settings. The lock
 * lies beside the folder, since only there all of them meet. It holds its owner and a number that grows while the owner
 * lives; no clocks are compared. Makes the directory (0700) if it is not there.
 * @throws AppError `conflict` (it was taken over), `no-space`, `read-only`, `not-permitted`, `cancelled`
 */
export async function withFolder<T>(
  shell: Shell,
  directory: string,
  options: LockOptions,
  work: (held: HeldFolder) => Promise<T>,
): Promise<T> {
  const { owner, signal } = options;
  await take(shell, directory, options);
  const lost = new AbortController();
  const over = new AbortController();
  const held = signal ? AbortSignal.any([signal, lost.signal]) : lost.signal;
  const beating = beat(shell, directory, owner, AbortSignal.any([held, over.signal]), lost);
  try {
    return await work({
      signal: held,
      check: `[ "$(cat sending/owner 2>/dev/null)" = ${quote(owner)} ] || exit ${LOST}`,
    });
  } finally {
    over.abort();
    await beating;
    await leave(shell, directory, owner);
  }
}

async function take(shell: Shell, directory: string, options: LockOptions): Promise<void> {
  const { owner, signal, waiting, patience = PATIENCE } = options;
  let seen = '';
  let still = 0;
  for (;;) {
    const gone = still >= patience ? seen : '';
    const result = await shell.run(takeScript(directory, owner, gone), { signal, timeoutMs: 60_000 });
    if (result.exitCode === 0) return;
    if (result.exitCode !== LOST) throw directoryError(result, directory);
    const now = result.stdout;
    still = now === seen && gone === '' ? still + 1 : 0;
    seen = now;
    waiting?.();
    await delay(LOOK_MS, undefined, { signal }).catch(() => {
      throw AppError.from(signal?.reason);
    });
  }
}

/** `gone`: what the one said who is taken for gone; nothing is taken from anyone else. */
const takeScript = (directory: string, owner: string, gone: string): string => `umask 077
d=${quote(directory)}
mkdir -p "$d/tree" && chmod 700 "\${d%/*/*}" "\${d%/*}" "$d" && cd "$d" || exit 3
who() { printf '%s %s' "$(cat sending/owner 2>/dev/null)" "$(cat sending/beat 2>/dev/null)"; }
if [ -n ${quote(gone)} ] && [ "$(who)" = ${quote(gone)} ]; then mv sending .gone.$$ && rm -rf .gone.$$; fi
if ! mkdir sending 2>/dev/null; then
  [ -d sending ] || mkdir sending || exit 3
  [ "$(cat sending/owner 2>/dev/null)" = ${quote(owner)} ] || { who; exit ${LOST}; }
fi
printf %s ${quote(owner)} >sending/owner || { rm -rf sending; exit 3; }
`;

async function beat(shell: Shell, directory: string, owner: string, signal: AbortSignal, lost: AbortController) {
  for (let number = 1; !signal.aborted; number += 1) {
    try {
      await delay(BEAT_MS, undefined, { signal, ref: false });
      const script = `cd ${quote(directory)} && [ "$(cat sending/owner)" = ${quote(owner)} ] || exit ${LOST}
echo ${number} >sending/beat
`;
      const { exitCode } = await shell.run(script, { signal, timeoutMs: 30_000 });
      if (exitCode === LOST) lost.abort(lostError());
    } catch {
      // Ended, or not reached: the work under the lock fails by itself.
    }
  }
}

/** A lock that could not be given back is taken for left behind by whoever comes next. */
async function leave(shell: Shell, directory: string, owner: string): Promise<void> {
  const script = `cd ${quote(directory)} 2>/dev/null || exit 0
[ "$(cat sending/owner 2>/dev/null)" != ${quote(owner)} ] || rm -rf sending
`;
  await shell.run(script, { timeoutMs: 10_000 }).catch(() => undefined);
}
