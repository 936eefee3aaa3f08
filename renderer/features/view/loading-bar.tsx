import { useState } from 'react';
import type { Instance } from '../../../electron/shared/instances.ts';
import { useNow } from '../../components/use-now.ts';
import css from './loading-bar.module.css';
import { lastLogLine } from './view-policy.ts';

/** A page that has shown nothing for so long is explained by the last line of the app's log, ms. */
const PATIENCE = 10_000;

/** Above the page until it has painted something. */
export function LoadingBar({ instance }: { instance: Instance }) {
  const now = useNow(true);
  const [since] = useState(now);
  const isLong = now - since >= PATIENCE;
  const line = isLong ? lastLogLine(instance.logTail) : '';
  return (
    <div role="status" aria-label="Loading the page">
      <div className={css.bar} aria-hidden />
      {isLong && (
        <div className={`${css.line} text-sm row`}>
          <span className="no-shrink">Still loading.</span>
          {line && (
            <span className="mono text-tertiary truncate grow" title={line}>
              {line}
            </span>
          )}
        </div>
      )}
    </div>
  );
}
