import { create } from 'zustand';
import type { AppError } from '../electron/shared/errors.ts';
import type { ModeChange } from '../electron/shared/files.ts';
import type { LaunchInput } from '../electron/shared/instances.ts';
import type { JobTemplate, JobTemplateContent } from '../electron/shared/job-templates.ts';
import type { Job } from '../electron/shared/jobs.ts';
import type { Place } from './features/files/places.ts';

export type Page = 'running' | 'jobs' | 'files' | 'recipes' | 'clusters' | 'settings' | 'terminals' | 'tunnels';
/** Those that have a number key. */
export const pages: readonly Page[] = ['running', 'jobs', 'recipes', 'clusters', 'settings', 'files'];

/** The pages of the settings, in the order of their list. */
export const settingsSections = [
  'general',
  'keyboard',
  'recipes',
  'passwords',
  'storage',
  'api',
  'audit',
  'about',
] as const;
export type SettingsSection = (typeof settingsSections)[number];

export interface Confirm {
  title: string;
  text: string;
  action: string;
  run: () => Promise<unknown>;
}

/** Where a path of a cluster is to go. */
export interface PathAsk {
  /** The field's name. */
  title: string;
  /** Left out: either. */
  pick: 'file' | 'folder' | undefined;
  clusterId: string;
  clusterName: string;
  value: string;
  onPick: (path: string) => void;
}

/** The name that a file or folder is to have. */
export interface NameAsk {
  title: string;
  /** What the button says. */
  action: string;
  value: string;
  /** Its failure is shown in the dialog. */
  run: (name: string) => Promise<unknown>;
}

/** Who may read, write and run some files. */
export interface ModeAsk {
  names: readonly string[];
  /** Of each of them. */
  modes: readonly number[];
  run: (change: ModeChange) => Promise<unknown>;
}

/** What changes that are not saved would be lost by; by leaving the page they are not. */
export type UnsavedReason = 'close' | 'leave' | 'quit';

type Dialog =
  | { kind: 'path'; ask: PathAsk }
  | { kind: 'save-preset'; input: LaunchInput }
  | { kind: 'presets'; recipe: string }
  | { kind: 'save-template'; content: JobTemplateContent; leftOut: readonly string[] }
  | { kind: 'templates' }
  | { kind: 'bad-link'; error: AppError }
  /** `source`: what was dropped on the window. */
  | { kind: 'folder'; source?: { kind: 'folder' | 'zip'; path: string } }
  /** null: a new one. */
  | { kind: 'source'; id: string | null }
  /** `alias`: the host of the SSH config that a new one begins with. */
  | { kind: 'cluster'; id: string | null; alias?: string }
  | { kind: 'key-changed'; id: string }
  | { kind: 'site'; id: string }
  | { kind: 'editor'; host: string; title: string; clusterId: string; folder?: string }
  | { kind: 'tunnel' }
  | { kind: 'token' }
  | { kind: 'token-limits'; id: string }
  | { kind: 'file-name'; ask: NameAsk }
  | { kind: 'file-mode'; ask: ModeAsk }
  | { kind: 'file-usage'; clusterId: string; path: string }
  | { kind: 'trash'; place: Place }
  /** Their ids. */
  | { kind: 'compare-jobs'; first: string; second: string }
  /** What a transfer does with files that are there already. */
  | { kind: 'conflict'; id: string }
  /** The key of a file that somebody else changed while it was edited. */
  | { kind: 'file-changed'; key: string }
  /** The keys of files with changes that are not saved. */
  | { kind: 'unsaved'; keys: readonly string[]; reason: UnsavedReason }
  | { kind: 'transfers'; show: ShownOfTransfers }
  | { kind: 'help' }
  | { kind: 'confirm'; confirm: Confirm };

/** `limitOf`: the id of a transfer. */
export type ShownOfTransfers = 'options' | 'history' | { limitOf: string };

export interface Toast {
  id: number;
  tone: 'bad' | 'ok';
  title: string;
  error?: AppError;
  /** Such as Undo. */
  action?: { label: string; run: () => void };
}

/**
 * Why a launch form opens filled in. `link`: by somebody else. `misfit`: what it was launched with no longer fits. `moved`: the
 * cluster it ran on is gone.
 */
export type LaunchOrigin = { kind: 'link'; filled: string[] } | { kind: 'misfit' } | { kind: 'moved' } | null;

export interface Launch {
  /** Another one for each opening, so that a form begins anew. */
  serial: number;
  recipe: string;
  from: Partial<LaunchInput> | null;
  origin: LaunchOrigin;
}

/** A job that is composed. `edit`: a draft with its script; `copy`: a new job from another one, with its inputs. */
export interface Composing {
  /** Another one for each opening, so that the composer begins anew. */
  serial: number;
  source: { kind: 'empty' } | { kind: 'edit' | 'copy'; job: Job } | { kind: 'template'; template: JobTemplate };
}

/** Whose menu is open, and where; `view` is the tab of an app. */
/** Whose menu is open, and where; `view` is the tab of an app, `file` what is chosen in a pane of files. */
export interface ContextMenuOf {
  kind: 'app' | 'job' | 'view' | 'cluster' | 'recipe' | 'file';
  id: string;
  x: number;
  y: number;
}

interface UiState {
  page: Page;
  settingsSection: SettingsSection;
  /** The launch form replaces the page while this is set. */
  launch: Launch | null;
  /** The id of the job that the page of jobs shows; null: the list. */
  job: string | null;
  /** The file of its directory that its page begins with; null: none. */
  jobFile: string | null;
  /** The composer replaces the page of jobs while this is set. */
  composing: Composing | null;
  dialog: Dialog | null;
  contextMenu: ContextMenuOf | null;
  palette: boolean;
  /** The cluster chosen last, which pages and forms begin with; null: none yet. */
  clusterId: string | null;
  openLogs: ReadonlySet<string>;
  /** Unfolded in a long list. */
  openCards: ReadonlySet<string>;
  toasts: Toast[];
  /** How many things of ours float above the view now. */
  covers: number;
  findOpen: boolean;
  viewLogOpen: boolean;
}

/** State of this window only; nothing here outlives it. */
export const useUi = create<UiState>(() => ({
  page: 'running',
  settingsSection: 'general',
  launch: null,
  job: null,
  jobFile: null,
  composing: null,
  dialog: null,
  contextMenu: null,
  palette: false,
  clusterId: null,
  openLogs: new Set(),
  openCards: new Set(),
  toasts: [],
  covers: 0,
  findOpen: false,
  viewLogOpen: false,
}));

let lastToast = 0;
let lastLaunch = 0;
let lastComposing = 0;

export const ui = {
  go(page: Page) {
    useUi.setState((last) => {
      // What is composed is there when one comes back; from its own page one goes to the list.
      const isLeft = page === 'jobs' && last.page === 'jobs' && last.launch === null;
      return { page, launch: null, job: null, composing: isLeft ? null : last.composing, palette: false };
    });
  },
  showSettings(settingsSection: SettingsSection) {
    useUi.setState({ page: 'settings', settingsSection, launch: null, job: null, palette: false });
  },
  launch(recipe: string, from: Partial<LaunchInput> | null = null, origin: LaunchOrigin = null) {
    lastLaunch += 1;
    useUi.setState({ launch: { serial: lastLaunch, recipe, from, origin }, palette: false });
  },
  showJob(id: string, jobFile: string | null = null) {
    useUi.setState({ page: 'jobs', launch: null, job: id, jobFile, composing: null, palette: false });
  },
  newJob() {
    ui.compose({ kind: 'empty' });
  },
  compose(source: Composing['source']) {
    lastComposing += 1;
    ui.composeAgain({ serial: lastComposing, source });
  },
  /** What was composed before, as it was left. */
  composeAgain(composing: Composing) {
    useUi.setState({ page: 'jobs', launch: null, composing, palette: false });
  },
  /** Back to the page of jobs, as it was. */
  closeComposer() {
    useUi.setState({ composing: null });
  },
  listJobs() {
    useUi.setState({ job: null, composing: null });
  },
  open(dialog: Dialog) {
    useUi.setState({ dialog, palette: false });
  },
  closeDialog() {
    useUi.setState({ dialog: null });
  },
  confirm(confirm: Confirm) {
    useUi.setState({ dialog: { kind: 'confirm', confirm } });
  },
  palette(open: boolean) {
    useUi.setState({ palette: open });
  },
  openContextMenu(contextMenu: ContextMenuOf) {
    useUi.setState({ contextMenu });
  },
  closeContextMenu() {
    useUi.setState({ contextMenu: null });
  },
  chooseCluster(clusterId: string | null) {
    useUi.setState({ clusterId });
  },
  toggleLog(id: string) {
    useUi.setState(({ openLogs }) => {
      const next = new Set(openLogs);
      if (!next.delete(id)) next.add(id);
      return { openLogs: next };
    });
  },
  toggleCard(id: string) {
    useUi.setState(({ openCards }) => {
      const next = new Set(openCards);
      if (!next.delete(id)) next.add(id);
      return { openCards: next };
    });
  },
  /** Back to the first page, with nothing open above it. */
  beginAnew() {
    useUi.setState({
      page: 'running',
      launch: null,
      job: null,
      composing: null,
      dialog: null,
      palette: false,
      findOpen: false,
      viewLogOpen: false,
    });
  },
  toast(toast: Omit<Toast, 'id'>) {
    lastToast += 1;
    const id = lastToast;
    useUi.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), { ...toast, id }] }));
  },
  dismiss(id: number) {
    useUi.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  },
  cover(by: 1 | -1) {
    useUi.setState(({ covers }) => ({ covers: covers + by }));
  },
};
