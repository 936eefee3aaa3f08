import { useEffect, useState } from 'react';
import { isOver } from '../../electron/shared/instance-policy.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import { invoke } from '../bridge.ts';

/** The end of an instance's log. The state does not hold that of an ended one, so the engine is asked for it. */
export function useSavedLog(
  { id, state, logTail }: Pick<Instance, 'id' | 'state' | 'logTail'>,
  isShown = true,
): string {
  const [saved, setSaved] = useState('');
  const isWanted = isShown && isOver(state) && logTail === '';
  useEffect(() => {
    if (!isWanted) return;
    const shown = new AbortController();
    invoke('history.get', { id }, shown.signal).then(
      (instance) => setSaved(instance.logTail),
      // Without it the error itself is shown, and the log panel says what it could not read.
      () => setSaved(''),
    );
    return () => shown.abort();
  }, [id, isWanted]);
  return logTail || saved;
}
