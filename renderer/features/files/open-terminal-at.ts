import { displayName } from '../../../electron/shared/file-names.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { useStore } from '../../store.ts';
import { openTerminal } from '../terminals/open-terminal.ts';
import { baseOf } from './places.ts';
import type { Target } from './target.ts';

/** Opens a terminal on the login node whose shell begins in a folder. */
export function openTerminalAt({ source, folder }: Pick<Target, 'source' | 'folder'>): void {
  if (source.kind !== 'cluster') return;
  const { clusterId } = source;
  const cluster = useStore.getState().clusters.find((entry) => entry.cluster.id === clusterId)?.cluster;
  const script = `cd -- ${quote(folder)}\nexec "\${SHELL:-/bin/sh}" -l\n`;
  openTerminal(`${displayName(baseOf(folder)) || '/'} on ${cluster?.name ?? clusterId}`, { clusterId }, script);
}
