import type { KeptTerminal } from '../../../electron/shared/terminals.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { goTo } from '../../keys.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { forgetKept, onConnected } from './kept-store.ts';
import { programTitle } from './tab-title.ts';
import { type TabCommand, TerminalSession } from './terminal-session.ts';
import { type TerminalTab, type TerminalTarget, terminals, useTerminals } from './terminals-store.ts';

const sessions = new Map<number, TerminalSession>();

/** @throws when the tab is none of `useTerminals` */
export function sessionOf(id: number): TerminalSession {
  const session = sessions.get(id);
  if (!session) throw new Error(`Terminal ${id} has no session.`);
  return session;
}

/** Opens a new terminal in a tab of its own. `script`: what runs in it instead of the login shell. */
export function openTerminal(title: string, target: TerminalTarget, script?: string): void {
  addTab({ title, target, script });
}

/** Shows a terminal that went on in a tab of its own. */
export function resumeTerminal(kept: KeptTerminal): void {
  addTab({ title: kept.title, target: { clusterId: kept.clusterId }, kept });
}

function addTab(asked: {
  title: string;
  target: TerminalTarget;
  script?: string | undefined;
  kept?: KeptTerminal;
}): void {
  const id = terminals.add(asked.title, asked.target);
  if (asked.kept) terminals.setKept(id, asked.kept);
  const session = new TerminalSession({
    ...asked,
    onState: (state) => terminals.setState(id, state),
    onKept: (kept) => terminals.setKept(id, kept),
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

/** Closes a tab and ends its shell; asks before where a program runs in it, or where that cannot be seen. */
export async function closeTerminal(id: number): Promise<void> {
  const tab = useTerminals.getState().tabs.find((entry) => entry.id === id);
  if (!tab) return;
  const running = await runningIn(tab);
  if (running === null) {
    endTerminal(tab);
    return;
  }
  ui.confirm({
    title: `Close the terminal on ${tab.title}?`,
    text: `${running} will be ended.${tab.kept ? ' It keeps running if you quit Tunel instead.' : ''}`,
    action: 'Close the terminal',
    run: async () => endTerminal(tab),
  });
}

/** What closing a tab would end, as the beginning of a sentence; null: nothing but a shell that waits, or nothing at all. */
async function runningIn({ state, kept }: TerminalTab): Promise<string | null> {
  if (state.kind !== 'open') return null;
  const unknown = 'What runs in it';
  if (!kept) return unknown;
  try {
    const listed = await invoke('terminals.list', { clusterId: kept.clusterId });
    return listed.find((entry) => entry.id === kept.id)?.running ?? null;
  } catch (error) {
    console.warn('What runs in a terminal is not known.', error);
    return unknown;
  }
}

/** Takes a tab away; after the last one the page before is shown. One that is away goes on, and is offered again. */
function endTerminal({ id, state, kept }: TerminalTab): void {
  const session = sessions.get(id);
  sessions.delete(id);
  terminals.remove(id);
  session?.dispose();
  if (kept && (state.kind === 'open' || state.kind === 'opening')) {
    forgetKept(kept.id);
    const asked = { clusterId: kept.clusterId, id: kept.id };
    void attempt('The terminal was not closed', invoke('terminals.close', asked));
  }
  if (useTerminals.getState().tabs.length === 0) ui.go('clusters');
}

/** Ends a terminal that goes on and that no tab shows. */
export async function closeKept({ clusterId, id }: KeptTerminal): Promise<void> {
  await invoke('terminals.close', { clusterId, id });
  forgetKept(id);
}

/** Shows those again that were not reached, as soon as their cluster is connected; undone by the returned function. */
export const startResuming = (): (() => void) =>
  onConnected((clusterId) => {
    for (const { id, kept, state } of useTerminals.getState().tabs) {
      if (state.kind === 'away' && kept?.clusterId === clusterId) void sessionOf(id).open();
    }
  });

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
  else if (command === 'close-tab') void closeTerminal(id);
  else terminals.step(command === 'next-tab' ? 1 : -1);
}

const nameOf = (clusterId: string): string =>
  useStore.getState().clusters.find((entry) => entry.cluster.id === clusterId)?.cluster.name ?? clusterId;
