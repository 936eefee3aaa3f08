import type { MenuCommand } from '../windows/menu.ts';
import type { Views } from '../windows/views.ts';

/** A menu command meant for the focused window of a view; false: it is the main window's. */
export function runInOwnWindow(command: MenuCommand, views: Views): boolean {
  const view = views.focusedDetached();
  if (view) {
    const actions: Partial<Record<MenuCommand, () => void>> = {
      'close-view': () => void views.close(view.id),
      'reload-view': () => view.reload(),
      'zoom-in': () => view.zoom(Math.min(5, view.state.zoom * 1.1)),
      'zoom-out': () => view.zoom(Math.max(0.3, view.state.zoom / 1.1)),
      'zoom-reset': () => view.zoom(1),
    };
    actions[command]?.();
    return actions[command] !== undefined;
  }
  return false;
}
