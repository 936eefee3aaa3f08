import type { Transfer } from '../../shared/transfers.ts';
import type { TransferRecord } from '../storage/transfer-record.ts';

/** Named in the state, which is sent with every change. */
const MOST_SOURCES = 20;
export const MOST_FAILURES_SHOWN = 20;

/** What is known only while it runs. */
export interface LiveFacts {
  speed: number;
  remaining(bytes: number): number | null;
  current: string | null;
  question: Transfer['question'];
}

const still: LiveFacts = { speed: 0, remaining: () => null, current: null, question: null };

export function describeTransfer(
  { key: _key, position: _position, isListAged: _isListAged, ...record }: TransferRecord,
  { speed, remaining, current, question }: LiveFacts = still,
  mostFailures = MOST_FAILURES_SHOWN,
): Transfer {
  const { sources, bytes, failures } = record;
  return {
    ...record,
    sources: sources.slice(0, MOST_SOURCES),
    sourceCount: sources.length,
    speed: Math.round(speed),
    remainingSeconds: remaining(Math.max(bytes.total - bytes.done, 0)),
    current,
    question,
    failures: failures.slice(0, mostFailures),
  };
}
