import { goTo } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { TerminalSession } from './terminal-session.ts';
import { type TerminalTarget, terminals, useTerminals } from './terminals-store.ts';

const sessions = new Map<number, TerminalSession>();

/** @throws when the tab is none of `useTerminals` */
export function sessionOf(id: number): TerminalSession {
  const session = sessions.get(id);
  if (!session) throw new Error(`Terminal ${id} has no session.`);
  return session;
}

/** Opens a new terminal in a tab of its own. `script`: what runs in it instead of the login shell. */
export function openTerminal(title: string, target: TerminalTarget, script?: string): void {
  const id = terminals.add(title, target);
  sessions.set(id, new TerminalSession({ target, script, onState: (state) => terminals.setState(id, state) }));
  goTo('terminals');
}

export function openClusterTerminal(clusterId: string): void {
  const cluster = useStore.getState().clusters.find((entry) => entry.cluster.id === clusterId)?.cluster;
  openTerminal(cluster?.name ?? clusterId, { clusterId });
}

/** Ends the shell of a tab and takes the tab away; after the last one the page before is shown. */
export function closeTerminal(id: number): void {
  const session = sessions.get(id);
  sessions.delete(id);
  terminals.remove(id);
  session?.dispose();
  if (useTerminals.getState().tabs.length === 0) ui.go('clusters');
}
