import { AppError } from '../../shared/errors.ts';
import type { Progress } from '../../shared/instances.ts';
import { quote } from '../../shared/shell-quote.ts';
import type { Clock } from '../deps.ts';
import type { Launcher, Submission } from '../launchers/common/launcher.ts';
import type { Connection } from '../ssh/types.ts';

/** A scheduler that does not answer is asked again for this long, so often. */
const RETRY_FOR_MS = 5 * 60_000;
const RETRY_AFTER_MS = 5000;

interface SubmitPorts {
  run<T>(work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
  launcher: Pick<Launcher, 'submit'>;
  clock: Clock;
  progress(progress: Progress): void;
}

/**
 * The job's number. A submission is not cancelled half-way, because whether a job exists would stay unknown: a stop waits
 * for the number, and ends only a wait in which no job can be.
 * @param signal of the stop; @param life ends only with the process
 * @throws AppError what the launcher says, or `cancelled`
 */
export async function submitJob(
  submission: Submission,
  ports: SubmitPorts,
  signal: AbortSignal,
  life: AbortSignal,
): Promise<string> {
  const { clock, launcher } = ports;
  const until = clock.now() + RETRY_FOR_MS;
  for (;;) {
    try {
      return await ports.run((connection) => launcher.submit(connection, submission, life), life);
    } catch (thrown) {
      const error = AppError.from(thrown);
      // The one failure after which a retry helps, and finds what was submitted all the same (docs/launchers/README.md).
      if (error.code !== 'command-failed' || clock.now() >= until) throw error;
      ports.progress({ fraction: null, text: `${error.message} Trying again.` });
    }
    try {
      await clock.sleep(RETRY_AFTER_MS, signal);
    } catch (stopped) {
      if (life.aborted || !(await mayBeSubmitted(submission.directory, ports, life))) throw stopped;
      await clock.sleep(RETRY_AFTER_MS, life);
    }
  }
}

/**
 * The number of a job whose submission was begun by an earlier process; null: there is none. Nothing is submitted.
 * @throws AppError as `submitJob`
 */
export async function findSubmittedJob(
  submission: Submission,
  ports: SubmitPorts,
  signal: AbortSignal,
  life: AbortSignal,
): Promise<string | null> {
  try {
    return await submitJob({ ...submission, findOnly: true }, ports, signal, life);
  } catch (error) {
    if (AppError.from(error).code === 'not-found') return null;
    throw error;
  }
}

/** A submission was begun whose answer is not known: the launcher's script leaves `submitting` then. */
function mayBeSubmitted(directory: string, ports: SubmitPorts, life: AbortSignal): Promise<boolean> {
  const script = `[ ! -e ${quote(`${directory}/submitting`)} ] || echo yes`;
  return ports.run(async (connection) => {
    const { stdout } = await connection.run(script, { signal: life });
    return stdout.trim() === 'yes';
  }, life);
}
