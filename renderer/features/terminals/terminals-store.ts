import { create } from 'zustand';
import type { StreamInput } from '../../../electron/shared/contract/index.ts';
import type { AppError } from '../../../electron/shared/errors.ts';
import type { KeptTerminal, NotKept } from '../../../electron/shared/terminals.ts';
import { uniqueTitle } from './tab-title.ts';

/** A cluster's login node, or where a running app runs. */
export type TerminalTarget = StreamInput<'terminals.open'>['target'];

export type TerminalState =
  | { kind: 'opening' }
  /** `notKept`: why it ends with the connection; null: it goes on then. */
  | { kind: 'open'; notKept: NotKept | null }
  /** Its connection was lost, and another one is made. */
  | { kind: 'resuming' }
  /** It goes on, but its node was not reached; null: the user closed the connection. */
  | { kind: 'away'; error: AppError | null }
  /** Another window or command shows it now. */
  | { kind: 'taken' }
  /** `code` and `signal` are null when the connection was lost, or it ended while nobody was connected. */
  | { kind: 'ended'; code: number | null; signal: string | null; isGone: boolean }
  | { kind: 'failed'; error: AppError };

/** Which match of a search is shown, from 1 on; 0: none of them. */
export interface SearchMatches {
  shown: number;
  count: number;
}

export interface TerminalSearchState extends SearchMatches {
  /** Another one for each opening, so that its field gets the focus again. */
  serial: number;
}

export interface TerminalTab {
  id: number;
  /** No other tab has it. */
  title: string;
  /** What the program in it asked to be shown; empty: nothing. */
  programTitle: string;
  target: TerminalTarget;
  state: TerminalState;
  /** null: it ends with its connection, or has ended. */
  kept: KeptTerminal | null;
  /** null: its search is closed. */
  search: TerminalSearchState | null;
}

interface TerminalsState {
  tabs: TerminalTab[];
  current: number | null;
}

/** The terminals of this window, each a tab of the page "Terminals". */
export const useTerminals = create<TerminalsState>(() => ({ tabs: [], current: null }));

let lastId = 0;
let lastSearch = 0;

const change = (id: number, values: Partial<Omit<TerminalTab, 'id'>>) =>
  useTerminals.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, ...values } : tab)) }));

export const terminals = {
  add(title: string, target: TerminalTarget): number {
    lastId += 1;
    const id = lastId;
    useTerminals.setState(({ tabs }) => {
      const unique = uniqueTitle(
        title,
        tabs.map((tab) => tab.title),
      );
      const state = { kind: 'opening' } as const;
      const tab = { id, title: unique, programTitle: '', target, state, kept: null, search: null };
      return { tabs: [...tabs, tab], current: id };
    });
    return id;
  },
  select(id: number) {
    useTerminals.setState({ current: id });
  },
  /** The tab so many to the right of the current one is shown; after the last comes the first. */
  step(by: 1 | -1) {
    useTerminals.setState(({ tabs, current }) => {
      const at = tabs.findIndex((tab) => tab.id === current);
      return { current: tabs[(at + by + tabs.length) % tabs.length]?.id ?? current };
    });
  },
  setState(id: number, state: TerminalState) {
    change(id, { state });
  },
  setKept(id: number, kept: KeptTerminal | null) {
    change(id, { kept });
  },
  setProgramTitle(id: number, programTitle: string) {
    change(id, { programTitle });
  },
  openSearch(id: number) {
    lastSearch += 1;
    change(id, { search: { shown: 0, count: 0, serial: lastSearch } });
  },
  closeSearch(id: number) {
    change(id, { search: null });
  },
  setMatches(id: number, matches: SearchMatches) {
    useTerminals.setState(({ tabs }) => ({
      tabs: tabs.map((tab) => (tab.id === id && tab.search ? { ...tab, search: { ...tab.search, ...matches } } : tab)),
    }));
  },
  /** The tab that takes the place of a removed current one is its right neighbour, else the left one. */
  remove(id: number) {
    useTerminals.setState(({ tabs, current }) => {
      const at = tabs.findIndex((tab) => tab.id === id);
      const left = tabs.filter((tab) => tab.id !== id);
      return { tabs: left, current: current === id ? ((left[at] ?? left[at - 1])?.id ?? null) : current };
    });
  },
};
