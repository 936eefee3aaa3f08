import { app, type BaseWindow, dialog, type WebContents, WebContentsView } from 'electron';
import { claim } from '../security/navigation-guard.ts';
import type { ViewAccess } from '../shared/contract/instances.ts';
import type { ViewState } from '../shared/state.ts';
import { addContextMenu } from './context-menu.ts';
import { untilPainted } from './first-paint.ts';
import { HeldEscape } from './held-escape.ts';
import { describeFailedLoad, describeGone, isFailure } from './view-failure.ts';
import { menuStaysAway, type OwnKey, ownKey } from './view-keys-policy.ts';
import { afterFailedLoad } from './view-retry-policy.ts';
import type { ViewSession } from './view-session.ts';

/** A page whose `beforeunload` says nothing for this long is closed without it, ms. */
const unloadLimit = 3000;
const isMac = process.platform === 'darwin';
const safe = {
  ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, spellcheck: false },
  // A page that shows one message box after another can be silenced.
  safeDialogs: true,
  devTools: !app.isPackaged,
};

interface ViewDeps {
  session: ViewSession;
  /** Any part of `state` is new. */
  changed(): void;
  key(key: OwnKey): void;
  /** Escape was held in it. */
  escaped(): void;
  /** An https address outside, for the user's browser. */
  ask(url: string): void;
  /** These contents belong to this view. */
  owned(contents: WebContents): void;
  /** They are gone. */
  gone(): void;
  mayOpen(): boolean;
  /** A view for a page that this one opens. `contents`: those that know their opener; null: none do. */
  open(contents: WebContents | null, isBehind: boolean): View;
  /** The window it is in, for questions. */
  window(): BaseWindow | null;
}

/** A page of a running app on screen, and what the toolbar shows of it. */
export class View {
  readonly id: string;
  readonly instanceId: string;
  readonly host: string;
  readonly native: WebContentsView;
  readonly contents: WebContents;
  readonly #deps: ViewDeps;
  readonly #start: string;
  #state: ViewState;
  #closing: Promise<boolean> | null = null;
  /** Tries of a page that did not load, made since it last did; with a timer, the next is on its way. */
  #tries = 0;
  /** Counts the pages that were shown. */
  #navigation = 0;
  #retry: NodeJS.Timeout | null = null;

  /** `opened`: what another page of the app opens. */
  constructor(
    instance: { id: string; title: string; path: string },
    access: ViewAccess,
    deps: ViewDeps,
    opened: { id: string; contents: WebContents | null } | null = null,
  ) {
    this.id = opened?.id ?? instance.id;
    this.instanceId = instance.id;
    this.host = access.host;
    this.#deps = deps;
    this.#start = `${access.origin}${instance.path.startsWith('/') ? '' : '/'}${instance.path}`;
    this.#state = {
      id: this.id,
      instanceId: instance.id,
      title: instance.title,
      canGoBack: false,
      canGoForward: false,
      loading: true,
      painted: false,
      zoom: 1,
      find: null,
      detached: false,
      error: null,
    };
    const webPreferences = { ...safe, session: deps.session.session };
    this.native = new WebContentsView({
      webPreferences,
      ...(opened?.contents ? { webContents: opened.contents } : {}),
    });
    this.native.setBackgroundColor('#ffffff');
    this.contents = this.native.webContents;
    this.#own(this.contents, access.origin);
    this.#follow();
  }

  get state(): ViewState {
    return this.#state;
  }

  set(change: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...change };
    this.#deps.changed();
  }

  load(): void {
    // A failure is reported by did-fail-load, which also knows whose frame it was.
    this.contents.loadURL(this.#start).catch(() => undefined);
  }

  /** Another page of the app. The one that is shown may object. */
  goTo(path: string): void {
    this.contents.loadURL(`${new URL(this.#start).origin}${path}`).catch(() => undefined);
  }

  reload(): void {
    this.#tries = 0;
    this.#again();
  }

  /** The route to the app works again: a page that did not load is asked for at once. */
  resume(): void {
    if (this.#retry || this.#state.error !== null) this.reload();
  }

  #again(): void {
    const failed = this.#retry !== null || this.#state.error !== null;
    this.#dropRetry();
    if (this.#state.error !== null) this.set({ error: null });
    const url = this.contents.getURL();
    const isForm = this.#deps.session.methodOf(this.contents.id) !== 'GET';
    if (!failed) this.contents.reload();
    else if (!url.startsWith(`https://${this.host}/`)) this.load();
    // Chromium does not repeat a form unasked; its address alone may still be a page.
    else if (isForm) this.contents.loadURL(url).catch(() => undefined);
    else this.contents.reload();
  }

  #dropRetry(): void {
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
  }

  #onFailedLoad(description: string): void {
    const method = this.#deps.session.methodOf(this.contents.id);
    const next = afterFailedLoad({ description, method, tries: this.#tries });
    this.#dropRetry();
    if (next.kind === 'show') {
      this.set({ error: describeFailedLoad(description), loading: false });
      return;
    }
    this.#tries += 1;
    this.#retry = setTimeout(() => this.#again(), next.delay);
    this.set({ loading: true });
  }

  zoom(factor: number): void {
    this.contents.setZoomFactor(factor);
    this.set({ zoom: factor });
  }

  find(text: string, forward: boolean, next: boolean): void {
    if (text === '') {
      this.stopFind();
      return;
    }
    this.set({ find: { active: 0, total: 0, ...(next ? this.#state.find : {}), text } });
    // Electron's `findNext` is true for a new search.
    this.contents.findInPage(text, { forward, findNext: !next });
  }

  stopFind(): void {
    this.contents.stopFindInPage('keepSelection');
    this.set({ find: null });
  }

  /** Asks the page, then the user when the page objects. Resolves with whether it is gone. */
  close(): Promise<boolean> {
    this.#closing ??= this.#close().finally(() => {
      this.#closing = null;
    });
    return this.#closing;
  }

  /** Without asking. */
  destroy(): void {
    if (!this.contents.isDestroyed()) this.contents.close();
  }

  #close(): Promise<boolean> {
    const { contents } = this;
    if (contents.isDestroyed()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const force = () => contents.close();
      const timer = setTimeout(force, unloadLimit);
      const onObjection = async () => {
        clearTimeout(timer);
        if (await this.#askToLeave()) return force();
        contents.off('destroyed', onGone);
        resolve(false);
      };
      const onGone = () => {
        clearTimeout(timer);
        contents.off('will-prevent-unload', onObjection);
        resolve(true);
      };
      contents.once('destroyed', onGone);
      contents.once('will-prevent-unload', onObjection);
      contents.close({ waitForBeforeUnload: !contents.isCrashed() });
    });
  }

  async #askToLeave(): Promise<boolean> {
    const question = this.#leaveQuestion();
    const window = this.#deps.window();
    const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question));
    return response === 0;
  }

  #leaveQuestion() {
    return {
      type: 'question' as const,
      message: `Leave ${this.#state.title}?`,
      detail: 'The app says that changes in this page may not be saved. The app itself keeps running.',
      buttons: ['Leave', 'Stay'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    };
  }

  #own(contents: WebContents, origin: string): void {
    this.#deps.owned(contents);
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    claim(
      contents,
      { kind: 'view', origin },
      {
        ask: this.#deps.ask,
        opened: {
          allowed: () => this.#deps.mayOpen(),
          webPreferences: safe,
          place: (opened, isBehind) => this.#deps.open(opened, isBehind).contents,
        },
      },
    );
    addContextMenu(contents, 'app', contents === this.contents ? () => this.reload() : undefined);
    const held = new HeldEscape(this.#deps.escaped);
    contents.once('destroyed', () => held.stop());
    contents.on('blur', () => held.stop());
    contents.on('before-input-event', (event, input) => {
      held.take(input);
      contents.setIgnoreMenuShortcuts(menuStaysAway(input, isMac));
      const key = ownKey(input, isMac);
      if (!key) return;
      event.preventDefault();
      this.#deps.key(key);
    });
    contents.on('will-prevent-unload', (event) => {
      // While closing, `close` asks without holding this process up. A navigation cannot be asked later.
      if (this.#closing) return;
      const window = this.#deps.window();
      const question = this.#leaveQuestion();
      const answer = window ? dialog.showMessageBoxSync(window, question) : dialog.showMessageBoxSync(question);
      if (answer === 0) event.preventDefault();
    });
  }

  /** Until it is painted the page is blank, and its tab says that it loads. */
  #followPaint(): void {
    this.#navigation += 1;
    const navigation = this.#navigation;
    const set = () => {
      if (navigation === this.#navigation && !this.contents.isDestroyed()) this.set({ painted: true });
    };
    // A page that goes away before it painted has nothing more to wait for.
    untilPainted(this.contents).then(set, set);
  }

  #follow(): void {
    const { contents } = this;
    const history = () => ({
      canGoBack: contents.navigationHistory.canGoBack(),
      canGoForward: contents.navigationHistory.canGoForward(),
    });
    contents.on('page-title-updated', (_event, title) => this.set({ title }));
    contents.on('did-start-loading', () => this.set({ loading: true }));
    contents.on('did-stop-loading', () => this.set({ loading: this.#retry !== null, ...history() }));
    contents.on('did-navigate', () => {
      this.#dropRetry();
      this.#tries = 0;
      this.set({ error: null, painted: false, ...history() });
      this.#followPaint();
    });
    contents.once('destroyed', () => {
      this.#dropRetry();
      // Also when a page closes itself.
      this.#deps.gone();
    });
    contents.on('did-navigate-in-page', () => this.set(history()));
    contents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
      if (isMainFrame && isFailure(code)) this.#onFailedLoad(description);
    });
    contents.on('render-process-gone', (_event, { reason }) => {
      this.set({ error: describeGone(reason), loading: false });
    });
    contents.on('zoom-changed', (_event, direction) => {
      const factor = this.#state.zoom * (direction === 'in' ? 1.1 : 1 / 1.1);
      this.zoom(Math.min(5, Math.max(0.3, Math.round(factor * 100) / 100)));
    });
    contents.on('found-in-page', (_event, { activeMatchOrdinal, matches }) => {
      const { find } = this.#state;
      if (find) this.set({ find: { ...find, active: activeMatchOrdinal, total: matches } });
    });
  }
}
