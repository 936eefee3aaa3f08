import { useEffect } from 'react';
import { listen } from '../../bridge.ts';
import { ui } from '../../ui-store.ts';

/** Shows the job that the main process asks for. */
export function useAskedJob(): void {
  useEffect(() => listen('job.shown', ({ id, file }) => ui.showJob(id, file)), []);
}
