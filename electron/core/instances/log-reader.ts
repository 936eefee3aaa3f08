import { AppError } from '../../shared/errors.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Connection } from '../ssh/types.ts';
import { MAX_LOG_READ, observe, readLog } from './directory.ts';
import type { InstanceLog } from './instance-log.ts';
import { strayStart, wholeLength } from './log-text.ts';
import type { Observation } from './observation.ts';
import type { LogPart } from './types.ts';

/** A login node sees what a compute node just wrote with the delay of the shared file system's caches. */
const EVIDENCE_LAG = 4000;
const LONGEST_READ = 10_000;
const LOOK_INTERVAL = 500;
/** A network file system that keeps a size for a second shows the exit code before the last lines, which were written first. */
const UNCHANGED_LOOKS = 3;

interface LogReading {
  connection: Connection;
  directory: string;
  log: InstanceLog;
  /** The log grows no more. */
  isOver: boolean;
  signal: AbortSignal;
}

/** A part of the log as it is on the cluster; null: there is none, or its connection was lost. */
export async function readLogPart(reading: LogReading, offset: number): Promise<LogPart | null> {
  const { connection, directory, log, isOver, signal } = reading;
  let read: Awaited<ReturnType<typeof readLog>>;
  try {
    read = await readLog(connection, directory, Math.max(offset, -MAX_LOG_READ), signal);
  } catch (error) {
    if (connection.closed.aborted) return null;
    throw error;
  }
  const start = read.offset > 0 ? strayStart(read.bytes) : 0;
  const bytes = read.bytes.subarray(start, wholeLength(read.bytes));
  const from = read.offset + start;
  log.tail.take(from, bytes);
  const isEnd = isOver && read.offset + read.bytes.length >= read.size;
  return { ...log.shownPart(from, bytes.toString('utf8'), isEnd), size: read.size };
}

interface EndReading {
  connection: Connection;
  id: string;
  directory: string;
  log: InstanceLog;
  observed(seen: Observation): void;
  /** Whether it is worth waiting for more of the log and the exit code. */
  isEvidenceWanted(): boolean;
  clock: Clock;
  logger: Logger;
  life: AbortSignal;
}

/**
 * Reads until the end of the log and the exit code are there: they are the evidence of how a job ended. What cannot be
 * read is missing in the explanation, which is no reason to fail.
 */
export async function readToEnd(reading: EndReading): Promise<void> {
  try {
    await readEvidence(reading, AbortSignal.any([reading.life, AbortSignal.timeout(LONGEST_READ)]));
  } catch (error) {
    if (reading.life.aborted) return;
    reading.logger.info('the end of a log was not read', { id: reading.id, error: AppError.from(error).message });
  }
}

async function readEvidence(reading: EndReading, signal: AbortSignal): Promise<void> {
  const { clock, connection, directory, id, isEvidenceWanted, log, observed } = reading;
  const until = clock.now() + EVIDENCE_LAG;
  let size: number | null = null;
  let unchanged = 0;
  for (;;) {
    const look = { id, directory, logFrom: log.tail.next, job: null };
    const seen = (await observe(connection, [look], signal)).get(id);
    if (seen) observed(seen);
    unchanged = size !== null && seen?.logSize === size ? unchanged + 1 : 0;
    size = seen?.logSize ?? null;
    const isComplete =
      log.tail.next > 0 && unchanged >= UNCHANGED_LOOKS && seen !== undefined && seen.exitCode !== null;
    if (isComplete || !seen?.exists || !isEvidenceWanted() || clock.now() > until) return;
    await clock.sleep(LOOK_INTERVAL, signal);
  }
}
