import type { StreamClosed } from '../../../electron/shared/contract/index.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { attempt } from '../../attempt.ts';
import { invoke, openStream } from '../../bridge.ts';
import type { PageStream } from '../../page-stream.ts';
import { palette } from '../../palette-store.ts';
import { type KeyUse, keyUse } from './terminal-key-policy.ts';
import { TerminalScreen } from './terminal-screen.ts';
import type { TerminalState, TerminalTarget } from './terminals-store.ts';

/** What a key asks of the page that shows the terminal. */
export type TabCommand = 'find' | 'new-tab' | 'close-tab' | 'next-tab' | 'previous-tab';

interface SessionDeps {
  target: TerminalTarget;
  /** What runs instead of the login shell; absent: nothing does. */
  script?: string;
  onState: (state: TerminalState) => void;
  onTitle: (title: string) => void;
  onMatches: (matches: { shown: number; count: number }) => void;
  onCommand: (command: TabCommand) => void;
}

/**
 * One terminal: its screen, and the stream that it shows. It lives apart from React, so that it goes on while another page or a
 * view is shown.
 */
export class TerminalSession {
  readonly screen: TerminalScreen;
  readonly #deps: SessionDeps;
  #stream: PageStream<StreamClosed<'terminals.open'>> | null = null;
  #opening: AbortController | null = null;
  /** Typed while the stream is being opened; null at other times. */
  #typedAhead: Uint8Array<ArrayBuffer>[] | null = null;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.screen = new TerminalScreen({
      onInput: (bytes) => this.#send(bytes),
      onResize: (size) => this.#stream?.control({ kind: 'resize', ...size }),
      onKey: (event) => this.#onKey(event),
      onLink: (url) => void attempt('The page did not open', invoke('desktop.openExternal', { url })),
      onTitle: deps.onTitle,
      onMatches: deps.onMatches,
    });
  }

  /** Shows the screen in an element of the page; opens the stream the first time, because only now its size is known. */
  async attach(container: HTMLElement): Promise<void> {
    const isFirst = await this.screen.attach(container);
    // The terminal that had the focus has left the page with its own tab.
    const isFocusFree = document.activeElement === null || document.activeElement === document.body;
    if (isFirst || isFocusFree) this.screen.focus();
    if (isFirst) await this.open();
  }

  /** Opens a new shell below what is on the screen. Never rejects: its state says what became of it. */
  async open(): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    this.#typedAhead = [];
    this.#deps.onState({ kind: 'opening' });
    try {
      const size = this.screen.size;
      const stream = await openStream(
        'terminals.open',
        { target: this.#deps.target, script: this.#deps.script, type: 'xterm-256color', ...size },
        (bytes, done) => this.screen.write(bytes, done),
        opening.signal,
      );
      this.#stream = stream;
      for (const bytes of this.#typedAhead) stream.write(bytes);
      this.#typedAhead = null;
      const now = this.screen.size;
      if (now.columns !== size.columns || now.rows !== size.rows) stream.control({ kind: 'resize', ...now });
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
    this.screen.dispose();
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#stream) this.#stream.write(bytes);
    else this.#typedAhead?.push(bytes);
  }

  /** @returns whether the terminal has the key */
  #onKey(event: KeyboardEvent): boolean {
    const use = keyUse(event, {
      mac: window.tunel.platform === 'darwin',
      hasSelection: this.screen.selection !== '',
    });
    if (use !== 'terminal' && use !== 'page') {
      event.preventDefault();
      if (event.type === 'keydown') this.#run(use);
    }
    return use === 'terminal';
  }

  #run(use: Exclude<KeyUse, 'terminal' | 'page'>): void {
    if (use === 'palette') palette.open();
    else if (use === 'copy') {
      void attempt('The text was not copied', invoke('desktop.copy', { text: this.screen.selection }));
    } else this.#deps.onCommand(use);
  }
}
