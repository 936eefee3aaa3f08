import { goTo } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { programTitle } from './tab-title.ts';
import { type TabCommand, TerminalSession } from './terminal-session.ts';
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
  const session = new TerminalSession({
    target,
    script,
    onState: (state) => terminals.setState(id, state),
    onTitle: (text) => terminals.setProgramTitle(id, programTitle(text)),
    onMatches: (matches) => terminals.setMatches(id, matches),
    onCommand: (command) => runCommand(id, command),
  });
  sessions.set(id, session);
  goTo('terminals');
}

export function openClusterTerminal(clusterId: string): void {
  openTerminal(nameOf(clusterId), { clusterId });
}

/** Opens another terminal where the one of a tab is. */
function openBeside(id: number): void {
  const tab = useTerminals.getState().tabs.find((entry) => entry.id === id);
  if (!tab) return;
  if ('clusterId' in tab.target) openClusterTerminal(tab.target.clusterId);
  else openTerminal(tab.title, tab.target);
}

/** Ends the shell of a tab and takes the tab away; after the last one the page before is shown. */
export function closeTerminal(id: number): void {
  const session = sessions.get(id);
  sessions.delete(id);
  terminals.remove(id);
  session?.dispose();
  if (useTerminals.getState().tabs.length === 0) ui.go('clusters');
}

/** Closes the search of a tab; its terminal has the keys again. */
export function closeSearch(id: number): void {
  terminals.closeSearch(id);
  const { screen } = sessionOf(id);
  screen.endSearch();
  screen.focus();
}

function runCommand(id: number, command: TabCommand): void {
  if (command === 'find') terminals.openSearch(id);
  else if (command === 'new-tab') openBeside(id);
  else if (command === 'close-tab') closeTerminal(id);
  else terminals.step(command === 'next-tab' ? 1 : -1);
}

const nameOf = (clusterId: string): string =>
  useStore.getState().clusters.find((entry) => entry.cluster.id === clusterId)?.cluster.name ?? clusterId;
