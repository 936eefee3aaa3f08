import { BaseWindow } from 'electron';
import type { View } from './view.ts';

/** A window that holds one view and nothing of ours. Closing it closes the view; the app keeps running. */
export class DetachedWindow {
  readonly window: BaseWindow;
  readonly #view: View;
  readonly #onTitle: (event: unknown, title: string) => void;

  constructor(view: View, closed: () => void) {
    this.#view = view;
    this.window = new BaseWindow({
      width: 1100,
      height: 760,
      minWidth: 480,
      minHeight: 320,
      title: view.state.title,
      autoHideMenuBar: true,
      backgroundColor: '#ffffff',
    });
    this.window.contentView.addChildView(view.native);
    view.native.setVisible(true);
    this.#fill();
    this.window.on('resize', () => this.#fill());
    this.window.on('close', (event) => {
      // The page may object, so the window goes only after it.
      event.preventDefault();
      closed();
    });
    this.#onTitle = (_event, title) => this.window.setTitle(title);
    view.contents.on('page-title-updated', this.#onTitle);
  }

  is(window: BaseWindow | null): boolean {
    return window === this.window;
  }

  focus(): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.focus();
  }

  /** Lets go of the view and ends the window. */
  release(): void {
    this.#view.contents.off('page-title-updated', this.#onTitle);
    if (this.window.isDestroyed()) return;
    this.window.contentView.removeChildView(this.#view.native);
    this.window.destroy();
  }

  #fill(): void {
    const { width, height } = this.window.getContentBounds();
    this.#view.native.setBounds({ x: 0, y: 0, width, height });
  }
}
