import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { dark, light } from '../../pages/terminal/themes.ts';
import { searchColours } from './search-colours.ts';

interface ScreenDeps {
  /** What is typed, as bytes. */
  onInput: (bytes: Uint8Array<ArrayBuffer>) => void;
  onResize: (size: { columns: number; rows: number }) => void;
  /** @returns whether the terminal has the key */
  onKey: (event: KeyboardEvent) => boolean;
  onLink: (url: string) => void;
  /** Untrusted: of the program that runs there. */
  onTitle: (title: string) => void;
  /** Which match of a search is shown, from 1 on; 0: none of them. */
  onMatches: (matches: { shown: number; count: number }) => void;
}

/** The screen of a terminal: an xterm that can be searched and whose links open, in an element that pages may show and hide. */
export class TerminalScreen {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #element = document.createElement('div');
  readonly #resized = new ResizeObserver(() => this.#fit.fit());
  #isDark = false;
  #isDisposed = false;
  /** null: nothing is searched for. */
  #searched: { text: string; caseSensitive: boolean } | null = null;

  constructor(deps: ScreenDeps) {
    const encoder = new TextEncoder();
    this.#element.style.blockSize = '100%';
    this.#terminal = new Terminal({
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      fontSize: 13,
      scrollback: 10_000,
      cursorBlink: true,
      // Matches of a search are marked by decorations, which xterm counts among its proposed API.
      allowProposedApi: true,
      linkHandler: { activate: (_event, url) => deps.onLink(url) },
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.loadAddon(this.#search);
    this.#terminal.loadAddon(new WebLinksAddon((_event, url) => deps.onLink(url)));
    this.#terminal.onData((text) => deps.onInput(encoder.encode(text)));
    this.#terminal.onBinary((text) => deps.onInput(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    this.#terminal.onResize(({ cols, rows }) => deps.onResize({ columns: cols, rows }));
    this.#terminal.onTitleChange(deps.onTitle);
    this.#terminal.attachCustomKeyEventHandler(deps.onKey);
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
      deps.onMatches({ shown: resultIndex + 1, count: resultCount }),
    );
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  /** Shows it in an element of the page. @returns whether it was shown for the first time, so that its size is known now */
  async attach(container: HTMLElement): Promise<boolean> {
    container.append(this.#element);
    this.#resized.observe(container);
    if (this.#terminal.element) {
      this.#fit.fit();
      return false;
    }
    // Measured before the font is there, every cell would have another width.
    await document.fonts.load('13px "JetBrains Mono Variable"');
    // Meanwhile its tab was closed, or left and shown again: a second shell would run where nobody sees it.
    if (this.#isDisposed || this.#terminal.element) return false;
    this.#terminal.open(this.#element);
    this.#fit.fit();
    return true;
  }

  detach(): void {
    this.#resized.disconnect();
    this.#element.remove();
  }

  focus(): void {
    this.#terminal.focus();
  }

  setDark(isDark: boolean): void {
    this.#isDark = isDark;
    this.#terminal.options.theme = isDark ? dark : light;
    if (!this.#searched) return;
    // Marked anew, because marks keep the colours that they were made with.
    this.#search.clearDecorations();
    this.find(this.#searched.text, { ...this.#searched, incremental: true });
  }

  write(bytes: Uint8Array, done: () => void): void {
    this.#terminal.write(bytes, done);
  }

  /** Empty, as a new one. */
  reset(): void {
    this.#terminal.reset();
  }

  /** Selects the next match of a text, or the one before. `incremental`: the shown one stays while it matches. */
  find(text: string, options: { backwards?: boolean; incremental?: boolean; caseSensitive: boolean }): void {
    if (text === '') {
      this.endSearch();
      return;
    }
    const { backwards = false, incremental = false, caseSensitive } = options;
    this.#searched = { text, caseSensitive };
    const asked = { caseSensitive, incremental, decorations: searchColours(this.#isDark) };
    if (backwards) this.#search.findPrevious(text, asked);
    else this.#search.findNext(text, asked);
  }

  endSearch(): void {
    this.#searched = null;
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.detach();
    this.#terminal.dispose();
  }
}
