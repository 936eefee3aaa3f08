import { displayName } from '../../../electron/shared/file-names.ts';
import { quoteName } from '../../../electron/shared/quote-name.ts';
import { useStore } from '../../store.ts';
import { openTerminal } from '../terminals/open-terminal.ts';
import { baseOf } from './places.ts';
import type { Target } from './target.ts';

/** Goes to a folder and becomes a login shell; where it is gone, the shell says so and begins in the home directory. */
export const shellIn = (folder: string): string => `cd -- ${quoteName(folder)}\nexec "\${SHELL:-/bin/sh}" -l\n`;

/** Opens a terminal on the login node whose shell begins in a folder. */
export function openTerminalAt({ source, folder }: Pick<Target, 'source' | 'folder'>): void {
  if (source.kind !== 'cluster') return;
  const { clusterId } = source;
  const cluster = useStore.getState().clusters.find((entry) => entry.cluster.id === clusterId)?.cluster;
  openTerminal(
    `${displayName(baseOf(folder)) || '/'} on ${cluster?.name ?? clusterId}`,
    { clusterId },
    shellIn(folder),
  );
}
