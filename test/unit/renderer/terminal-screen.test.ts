import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TerminalScreen } from '../../../renderer/features/terminals/terminal-screen.ts';

/** Of xterm, which needs a browser, only whether it was opened. */
const opened: unknown[] = [];
vi.mock('@xterm/xterm', () => ({
  Terminal: class {
    element: unknown;
    loadAddon() {}
    onData() {}
    onBinary() {}
    onResize() {}
    onTitleChange() {}
    attachCustomKeyEventHandler() {}
    dispose() {}
    open(element: unknown) {
      this.element = element;
      opened.push(element);
    }
  },
}));
vi.mock('@xterm/addon-fit', () => ({
  FitAddon: class {
    fit() {}
  },
}));
vi.mock('@xterm/addon-search', () => ({
  SearchAddon: class {
    onDidChangeResults() {}
  },
}));
vi.mock('@xterm/addon-web-links', () => ({ WebLinksAddon: class {} }));

let loadFont: () => void;
let container: HTMLElement;
beforeEach(() => {
  opened.length = 0;
  const font = new Promise<void>((resolve) => {
    loadFont = resolve;
  });
  const element = () => ({ style: {}, append() {}, remove() {} });
  vi.stubGlobal('document', { createElement: element, fonts: { load: () => font } });
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  container = document.createElement('div');
});
afterEach(() => vi.unstubAllGlobals());

const nothing = () => undefined;
const newScreen = () =>
  new TerminalScreen({
    ...{ onInput: nothing, onResize: nothing, onKey: () => true },
    ...{ onLink: nothing, onTitle: nothing, onMatches: nothing },
  });

it('a terminal that is shown twice before its font is there is opened once', async () => {
  const screen = newScreen();
  const shown = [screen.attach(container), screen.attach(container)];
  loadFont();
  expect(await Promise.all(shown)).toEqual([true, false]);
  expect(opened).toHaveLength(1);
});

it('a terminal whose tab was closed before its font was there is not opened', async () => {
  const screen = newScreen();
  const shown = screen.attach(container);
  screen.dispose();
  loadFont();
  expect(await shown).toBe(false);
  expect(opened).toEqual([]);
});
