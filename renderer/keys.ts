import { nextZoom, type ZoomDirection } from '../electron/shared/zoom-policy.ts';
import { attempt } from './attempt.ts';
import { invoke, listen } from './bridge.ts';
import { askToStop } from './features/running/stop.ts';
import { commandForKey } from './key-policy.ts';
import { palette } from './palette-store.ts';
import { focusNextRegion, focusToolbar, trackRegionFocus } from './region-focus.ts';
import { useStore } from './store.ts';
import { type Page, pages, type SettingsSection, ui, useUi } from './ui-store.ts';

type Command =
  | 'launch'
  | 'new-job'
  | 'settings'
  | 'about'
  | 'close-view'
  | 'reload-view'
  | 'find'
  | 'zoom-in'
  | 'zoom-out'
  | 'zoom-reset'
  | 'help'
  | 'stop';

const selectedView = () => {
  const { views } = useStore.getState();
  return views.list.find((view) => view.id === views.selected) ?? null;
};

/** Of the view that is shown, else of Tunel's own pages. */
export function zoomBy(direction: ZoomDirection) {
  const view = selectedView();
  const zoomed = view
    ? invoke('views.zoom', { factor: nextZoom(view.zoom, direction) })
    : invoke('desktop.zoom', { direction });
  void attempt('The zoom did not change', zoomed);
}

export function toggleFullScreen() {
  const on = !useStore.getState().views.fullScreen;
  void attempt('The full screen did not change', invoke('views.setFullScreen', { on }));
}

function stepView(by: number) {
  const { list, selected } = useStore.getState().views;
  if (list.length === 0) return;
  const at = list.findIndex((view) => view.id === selected);
  const next = list[(at + by + list.length) % list.length];
  if (next) void attempt('The view did not open', invoke('views.select', { viewId: next.id }));
}

/** Leaves the view, if one is shown, and goes to a page of ours. */
export function goTo(page: Page) {
  ui.go(page);
  if (useStore.getState().views.selected !== null)
    void attempt('The page did not open', invoke('views.select', { viewId: null }));
}

/** Leaves the view, if one is shown, and goes to a page of the settings. */
export function goToSettings(section: SettingsSection) {
  ui.showSettings(section);
  goTo('settings');
}

function runCommand(command: Command) {
  const view = selectedView();
  switch (command) {
    case 'launch':
      goTo('recipes');
      break;
    case 'new-job':
      goTo('jobs');
      ui.newJob();
      break;
    case 'settings':
      goTo('settings');
      break;
    case 'about':
      goToSettings('about');
      break;
    case 'close-view':
      if (view) void attempt('The view did not close', invoke('views.close', { viewId: view.id }));
      break;
    case 'reload-view':
      if (view) void attempt('The view did not reload', invoke('views.reload', undefined));
      break;
    case 'find':
      if (view) useUi.setState({ findOpen: true });
      break;
    case 'zoom-in':
      zoomBy('in');
      break;
    case 'zoom-out':
      zoomBy('out');
      break;
    case 'zoom-reset':
      zoomBy('reset');
      break;
    case 'help':
      ui.open({ kind: 'help' });
      break;
    case 'stop': {
      const instance = useStore.getState().instances.find((entry) => entry.id === view?.instanceId);
      if (instance) askToStop(instance);
      break;
    }
  }
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** A dialog, the palette or a menu above a view has the keys first. */
const somethingFloats = () => useUi.getState().covers > 0;

function act(command: string): boolean {
  if (command === 'palette') palette.toggle();
  else if (command === 'region') focusNextRegion(1);
  else if (command === 'previous-region') focusNextRegion(-1);
  else if (command === 'full-screen') toggleFullScreen();
  else if (command === 'next-view') stepView(1);
  else if (command === 'previous-view') stepView(-1);
  else if (command === 'back') void attempt('The page did not go back', invoke('views.back', undefined));
  else if (command === 'forward') void attempt('The page did not go forward', invoke('views.forward', undefined));
  else if (command === 'search') {
    const field = document.querySelector<HTMLInputElement>('[data-search]');
    if (!field) return false;
    field.focus();
  } else if (command.startsWith('page-')) {
    const page = pages[Number(command.slice(5)) - 1];
    if (!page) return false;
    goTo(page);
  } else if (command.startsWith('view-')) {
    const view = useStore.getState().views.list[Number(command.slice(5)) - 1];
    if (!view) return false;
    void attempt('The view did not open', invoke('views.select', { viewId: view.id }));
  } else runCommand(command as Command);
  return true;
}

/** Listens to the keyboard, the menu and keys pressed inside views; undone by the returned function. */
export function startKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandForKey(event, {
      mac: window.tunel.platform === 'darwin',
      view: selectedView() !== null,
      fullScreen: useStore.getState().views.fullScreen,
    });
    if (!command) return;
    // A character that is typed into a field stays there.
    if ((command === 'search' || event.key === '?') && isTyping(event.target)) return;
    if (command !== 'palette' && somethingFloats()) return;
    if (act(command)) event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  const stop = [
    trackRegionFocus(),
    () => window.removeEventListener('keydown', onKey),
    listen('menu.command', ({ command }) => runCommand(command)),
    listen('keys.pressed', ({ key }) => {
      if (key === 'palette') palette.open();
      if (key === 'toolbar') focusToolbar();
      if (key === 'next-view') stepView(1);
      if (key === 'previous-view') stepView(-1);
    }),
  ];
  return () => {
    for (const undo of stop) undo();
  };
}
