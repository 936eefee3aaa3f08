import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { StreamClosed } from '../../../electron/shared/contract/index.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { attempt } from '../../attempt.ts';
import { invoke, openStream } from '../../bridge.ts';
import type { PageStream } from '../../page-stream.ts';
import { dark, light } from '../../pages/terminal/themes.ts';
import { palette } from '../../palette-store.ts';
import { keyUse } from './terminal-key-policy.ts';
import type { TerminalState, TerminalTarget } from './terminals-store.ts';

interface SessionDeps {
  target: TerminalTarget;
  /** What runs instead of the login shell; absent: nothing does. */
  script?: string;
  onState: (state: TerminalState) => void;
}

/**
 * One terminal: its screen, and the stream that it shows. It lives apart from React, so that it goes on while another page or a
 * view is shown.
 */
export class TerminalSession {
  readonly #deps: SessionDeps;
  readonly #terminal = new Terminal({
    fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
    fontSize: 13,
    scrollback: 10_000,
    cursorBlink: true,
  });
  readonly #fit = new FitAddon();
  readonly #element = document.createElement('div');
  readonly #resized = new ResizeObserver(() => this.#fit.fit());
  #stream: PageStream<StreamClosed<'terminals.open'>> | null = null;
  #opening: AbortController | null = null;
  /** Typed while the stream is being opened; null at other times. */
  #typedAhead: Uint8Array<ArrayBuffer>[] | null = null;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#element.style.blockSize = '100%';
    const encoder = new TextEncoder();
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.onData((text) => this.#send(encoder.encode(text)));
    this.#terminal.onBinary((text) => this.#send(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    this.#terminal.onResize(({ cols, rows }) => this.#stream?.control({ kind: 'resize', columns: cols, rows }));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#onKey(event));
  }

  /** Shows the screen in an element of the page; opens the stream the first time, because only now its size is known. */
  async attach(container: HTMLElement): Promise<void> {
    container.append(this.#element);
    this.#resized.observe(container);
    if (this.#terminal.element) {
      this.#fit.fit();
      return;
    }
    // Measured before the font is there, every cell would have another width.
    await document.fonts.load('13px "JetBrains Mono Variable"');
    this.#terminal.open(this.#element);
    this.#fit.fit();
    this.focus();
    await this.open();
  }

  detach(): void {
    this.#resized.disconnect();
    this.#element.remove();
  }

  focus(): void {
    this.#terminal.focus();
  }

  setDark(isDark: boolean): void {
    this.#terminal.options.theme = isDark ? dark : light;
  }

  /** Opens a new shell below what is on the screen. Never rejects: its state says what became of it. */
  async open(): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    this.#typedAhead = [];
    this.#deps.onState({ kind: 'opening' });
    try {
      const { cols: columns, rows } = this.#terminal;
      const stream = await openStream(
        'terminals.open',
        { target: this.#deps.target, script: this.#deps.script, type: 'xterm-256color', columns, rows },
        (bytes, done) => this.#terminal.write(bytes, done),
        opening.signal,
      );
      this.#stream = stream;
      for (const bytes of this.#typedAhead) stream.write(bytes);
      this.#typedAhead = null;
      if (this.#terminal.cols !== columns || this.#terminal.rows !== rows) {
        stream.control({ kind: 'resize', columns: this.#terminal.cols, rows: this.#terminal.rows });
      }
      this.#deps.onState({ kind: 'open' });
      const end = await stream.closed;
      this.#deps.onState({ kind: 'ended', ...end });
    } catch (error) {
      if (!opening.signal.aborted) this.#deps.onState({ kind: 'failed', error: AppError.from(error) });
    } finally {
      this.#stream = null;
      this.#typedAhead = null;
    }
  }

  dispose(): void {
    this.#opening?.abort(new AppError('cancelled', 'The terminal was closed.'));
    this.#stream?.close();
    this.detach();
    this.#terminal.dispose();
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#stream) this.#stream.write(bytes);
    else this.#typedAhead?.push(bytes);
  }

  /** @returns whether the terminal has the key */
  #onKey(event: KeyboardEvent): boolean {
    const use = keyUse(event, {
      mac: window.tunel.platform === 'darwin',
      hasSelection: this.#terminal.hasSelection(),
    });
    if (use === 'copy' || use === 'palette') {
      event.preventDefault();
      if (event.type === 'keydown') this.#run(use);
    }
    return use === 'terminal';
  }

  #run(command: 'copy' | 'palette'): void {
    if (command === 'palette') palette.open();
    else void attempt('The text was not copied', invoke('desktop.copy', { text: this.#terminal.getSelection() }));
  }
}
