import { useEffect } from 'react';
import { ui } from '../ui-store.ts';

/**
 * While `open`, an embedded view gives way to a still picture: views are native layers that would lie above
 * anything of ours that floats.
 */
export function useCover(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    ui.cover(1);
    return () => ui.cover(-1);
  }, [open]);
}
