import type { StreamClosed, StreamOpened } from '../../../electron/shared/contract/index.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { KeptTerminal } from '../../../electron/shared/terminals.ts';
import { attempt } from '../../attempt.ts';
import { invoke, openStream } from '../../bridge.ts';
import type { PageStream } from '../../page-stream.ts';
import { palette } from '../../palette-store.ts';
import { pause } from '../../pause.ts';
import { type KeyUse, keyUse } from './terminal-key-policy.ts';
import { TerminalScreen } from './terminal-screen.ts';
import type { TerminalState, TerminalTarget } from './terminals-store.ts';

/** What a key asks of the page that shows the terminal. */
export type TabCommand = 'find' | 'new-tab' | 'close-tab' | 'next-tab' | 'previous-tab';

interface SessionDeps {
  title: string;
  target: TerminalTarget;
  /** What runs instead of the login shell; absent: nothing does. */
  script?: string | undefined;
  /** One that is shown again; absent: a new one. */
  kept?: KeptTerminal | undefined;
  onState: (state: TerminalState) => void;
  /** null: it ends with its connection, or has ended. */
  onKept: (kept: KeptTerminal | null) => void;
  onTitle: (title: string) => void;
  onMatches: (matches: { shown: number; count: number }) => void;
  onCommand: (command: TabCommand) => void;
}

/** As the contract has it. */
const MOST_TITLE = 200;
const TERMINAL_TYPE = 'xterm-256color';
/** Before a lost terminal is shown again, so that one which is lost at once does not keep the engine busy. */
const LOST_PAUSE_MS = 1000;

type Size = TerminalScreen['size'];
type Opened = StreamOpened<'terminals.open'>;
type Closed = StreamClosed<'terminals.open'>;

/**
 * One terminal: its screen, and the stream that it shows. It lives apart from React, so that it goes on while another page or a
 * view is shown.
 */
export class TerminalSession {
  readonly screen: TerminalScreen;
  readonly #deps: SessionDeps;
  #stream: PageStream<Closed> | null = null;
  #opening: AbortController | null = null;
  #kept: KeptTerminal | null;
  /** Typed while the stream is being opened; null at other times. */
  #typedAhead: Uint8Array<ArrayBuffer>[] | null = null;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#kept = deps.kept ?? null;
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

  /** Shows the kept terminal again, else opens a new shell below what is on the screen. Never rejects: its state says all. */
  async open(): Promise<void> {
    const opening = new AbortController();
    this.#opening?.abort(new AppError('cancelled', 'The terminal is opened again.'));
    this.#opening = opening;
    this.#stream?.close();
    this.#stream = null;
    let end = await this.#show(opening.signal, 0);
    // A connection that is lost again and again ends with an attempt that fails.
    while (end === 'lost' && !opening.signal.aborted) end = await this.#show(opening.signal, LOST_PAUSE_MS);
  }

  dispose(): void {
    this.#opening?.abort(new AppError('cancelled', 'The terminal was closed.'));
    this.#stream?.close();
    this.screen.dispose();
  }

  /** @returns `lost` where it goes on without its connection */
  async #show(signal: AbortSignal, pauseMs: number): Promise<'lost' | 'over'> {
    this.#typedAhead = [];
    this.#deps.onState({ kind: this.#kept ? 'resuming' : 'opening' });
    try {
      if (pauseMs > 0) await pause(pauseMs, signal);
      const size = this.screen.size;
      const stream = this.#kept ? await this.#openKept(this.#kept, size, signal) : await this.#openNew(size, signal);
      const closed = await stream.closed;
      return signal.aborted ? 'over' : this.#finish(closed);
    } catch (error) {
      return signal.aborted ? 'over' : this.#fail(AppError.from(error));
    } finally {
      // After an abort they belong to whatever was opened since.
      if (!signal.aborted) {
        this.#stream = null;
        this.#typedAhead = null;
      }
    }
  }

  async #openNew(size: Size, signal: AbortSignal): Promise<PageStream<Closed>> {
    const { target, script, title } = this.#deps;
    const input = { target, script, keep: { title: title.slice(0, MOST_TITLE) }, type: TERMINAL_TYPE, ...size };
    const stream = await openStream('terminals.open', input, (bytes, done) => this.screen.write(bytes, done), signal);
    this.#begin(stream, size, stream.opened, signal);
    return stream;
  }

  /** Empties the screen: what the terminal has shown last comes again. */
  async #openKept(kept: KeptTerminal, size: Size, signal: AbortSignal): Promise<PageStream<Closed>> {
    const { clusterId, id } = kept;
    const input = { clusterId, id, type: TERMINAL_TYPE, ...size };
    let isFirst = true;
    const take = (bytes: Uint8Array, done: () => void) => {
      if (isFirst) this.screen.reset();
      isFirst = false;
      this.screen.write(bytes, done);
    };
    const stream = await openStream('terminals.attach', input, take, signal);
    this.#begin(stream, size, { kept, notKept: null }, signal);
    return stream;
  }

  #begin(stream: PageStream<Closed>, size: Size, { kept, notKept }: Opened, signal: AbortSignal): void {
    if (signal.aborted) {
      stream.close();
      throw AppError.from(signal.reason);
    }
    this.#stream = stream;
    for (const bytes of this.#typedAhead ?? []) stream.write(bytes);
    this.#typedAhead = null;
    const now = this.screen.size;
    if (now.columns !== size.columns || now.rows !== size.rows) stream.control({ kind: 'resize', ...now });
    this.#setKept(kept);
    this.#deps.onState({ kind: 'open', notKept });
  }

  #finish({ code, signal, left }: Closed): 'lost' | 'over' {
    if (left === 'taken') {
      this.#deps.onState({ kind: 'taken' });
      return 'over';
    }
    if (left === 'disconnected') {
      this.#deps.onState({ kind: 'away', error: null });
      return 'over';
    }
    if (code === null && signal === null && left === null && this.#kept) return 'lost';
    this.#setKept(null);
    this.#deps.onState({ kind: 'ended', code, signal, isGone: left === 'gone' });
    return 'over';
  }

  #fail(error: AppError): 'lost' | 'over' {
    const wasOpen = this.#stream !== null;
    if (this.#kept && error.code === 'not-found') {
      this.#setKept(null);
      this.#deps.onState({ kind: 'ended', code: null, signal: null, isGone: true });
    } else if (!this.#kept) this.#deps.onState({ kind: 'failed', error });
    else if (wasOpen) return 'lost';
    else this.#deps.onState({ kind: 'away', error });
    return 'over';
  }

  #setKept(kept: KeptTerminal | null): void {
    this.#kept = kept;
    this.#deps.onKept(kept);
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
