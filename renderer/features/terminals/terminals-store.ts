import { create } from 'zustand';
import type { StreamInput } from '../../../electron/shared/contract/index.ts';
import type { AppError } from '../../../electron/shared/errors.ts';

/** A cluster's login node, or where a running app runs. */
export type TerminalTarget = StreamInput<'terminals.open'>['target'];

export type TerminalState =
  | { kind: 'opening' }
  | { kind: 'open' }
  /** `code` and `signal` are null when the connection was lost. */
  | { kind: 'ended'; code: number | null; signal: string | null }
  | { kind: 'failed'; error: AppError };

export interface TerminalTab {
  id: number;
  title: string;
  target: TerminalTarget;
  state: TerminalState;
}

interface TerminalsState {
  tabs: TerminalTab[];
  current: number | null;
}

/** The terminals of this window, each a tab of the page "Terminals". */
export const useTerminals = create<TerminalsState>(() => ({ tabs: [], current: null }));

let lastId = 0;

export const terminals = {
  add(title: string, target: TerminalTarget): number {
    lastId += 1;
    const id = lastId;
    const tab: TerminalTab = { id, title, target, state: { kind: 'opening' } };
    useTerminals.setState(({ tabs }) => ({ tabs: [...tabs, tab], current: id }));
    return id;
  },
  select(id: number) {
    useTerminals.setState({ current: id });
  },
  setState(id: number, state: TerminalState) {
    useTerminals.setState(({ tabs }) => ({ tabs: tabs.map((tab) => (tab.id === id ? { ...tab, state } : tab)) }));
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
