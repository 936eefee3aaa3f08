import { useEffect, useState } from 'react';
import type { LoginNodeUsage } from '../../../electron/shared/clusters.ts';
import { invoke } from '../../bridge.ts';

/** What the connections to a cluster have cost its login node; asked for once while it is shown, and null until then. */
export function useUsage(clusterId: string): LoginNodeUsage | null {
  const [usage, setUsage] = useState<LoginNodeUsage | null>(null);
  useEffect(() => {
    const shown = new AbortController();
    // Without an answer the line is left out: nothing depends on it.
    invoke('clusters.usage', { id: clusterId }, shown.signal).then(setUsage, () => setUsage(null));
    return () => shown.abort();
  }, [clusterId]);
  return usage;
}
