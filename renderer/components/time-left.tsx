import { RingProgress } from '@mantine/core';
import type { JobStatus } from '../../electron/shared/instances.ts';
import { timeLeft } from '../text/time.ts';
import { useNow } from './use-now.ts';

/** Ring and words for the time a job has left; nothing where the scheduler names no end. */
export function TimeLeft({ job, small = false }: { job: JobStatus | null; small?: boolean }) {
  const now = useNow(job?.endsAt != null, 10_000);
  const left = job ? timeLeft(job, now) : null;
  if (!left) return null;
  const ring = left.share !== null && (
    <RingProgress
      aria-hidden
      size={small ? 18 : 32}
      thickness={small ? 3 : 3.5}
      roundCaps
      rootColor="var(--off-soft)"
      sections={[{ value: left.share * 100, color: left.level === 'ok' ? 'var(--ok-mark)' : 'var(--wait-mark)' }]}
    />
  );
  if (small) {
    return (
      <span className="row tabular text-sm medium no-shrink">
        {ring}
        {left.text} left
      </span>
    );
  }
  return (
    <div className="row no-shrink tabular">
      {ring}
      <div>
        <div className="medium" style={{ lineHeight: '18px' }}>
          {left.text}
        </div>
        <div className="text-xs text-tertiary">{left.of ? `left of ${left.of}` : 'left'}</div>
      </div>
    </div>
  );
}
