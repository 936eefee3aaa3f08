import { BaseWindow, type BrowserWindow, type Rectangle, type WebContents } from 'electron';
import type { ViewAccess } from '../shared/contract/instances.ts';
import { AppError } from '../shared/errors.ts';
import type { Instance } from '../shared/instances.ts';
import { message } from '../shared/messages.ts';
import type { AppState, EngineState } from '../shared/state.ts';
import { DetachedWindow } from './detached-window.ts';
import { handleDownloads } from './downloads.ts';
import { View } from './view.ts';
import type { OwnKey } from './view-keys-policy.ts';
import { partitionFor, ViewSession } from './view-session.ts';

/** An app may have this many pages open at a time. */
const pageLimit = 20;

interface ViewsDeps {
  window(): BrowserWindow | null;
  /** How a view reaches its app through the gateway. */
  viewAccess(instanceId: string): Promise<ViewAccess>;
  state(): EngineState;
  publish(views: AppState['views']): void;
  key(key: Exclude<OwnKey, 'full-screen'>): void;
  ask(url: string): void;
}

/** All open views, and the `views` slice. They lie above our page; the page says where, and when to make room. */
export class Views {
  readonly #deps: ViewsDeps;
  readonly #views = new Map<string, View>();
  readonly #opening = new Map<string, Promise<View>>();
  readonly #sessions = new Map<string, ViewSession>();
  readonly #detached = new Map<string, DetachedWindow>();
  /** Web contents id -> host, for pages and the windows they opened. */
  readonly #hosts = new Map<number, string>();
  /** Views whose access is that of an engine which has ended. */
  readonly #stale = new Set<string>();
  /** Pages that were opened by pages. */
  #opened = 0;
  #selected: string | null = null;
  #bounds: Rectangle | null = null;
  #covered = false;
  #fullScreen = false;

  constructor(deps: ViewsDeps) {
    this.#deps = deps;
  }

  /** Opens the view of a running app, or shows the one there is; `path`: at that page of it. */
  async open(id: string, path?: string): Promise<void> {
    const isThere = this.#views.has(id);
    await this.openBehind(id, path);
    if (isThere && path !== undefined) this.#view(id).goTo(path);
    this.select(id);
  }

  /** Opens the view of a running app without showing it. */
  async openBehind(id: string, path?: string): Promise<void> {
    if (this.#views.has(id)) return;
    let opening = this.#opening.get(id);
    if (!opening) {
      opening = this.#create(this.#openable(id), path).finally(() => this.#opening.delete(id));
      this.#opening.set(id, opening);
    }
    await opening;
    this.#changed();
  }

  /** The page may object; then the user is asked, and the view may stay. */
  async close(id: string): Promise<void> {
    const view = this.#view(id);
    if (await view.close()) this.#forget(view);
  }

  /** Without asking, as when the app ends. */
  closeAll(): void {
    for (const view of [...this.#views.values()]) {
      view.destroy();
      this.#forget(view);
    }
  }

  select(id: string | null): void {
    if (id !== null) this.#view(id);
    this.#selected = id;
    if (id === null || this.#detached.has(id)) this.#leaveFullScreen();
    if (id !== null) this.#detached.get(id)?.focus();
    this.#changed();
  }

  setBounds({ x, y, width, height }: Rectangle): void {
    const hadNone = this.#bounds === null;
    // The page counts in pixels of its own zoom.
    const zoom = this.#deps.window()?.webContents.getZoomFactor() ?? 1;
    const [left, top, right, bottom] = [x, y, x + width, y + height].map((edge) => Math.round(edge * zoom)) as [
      number,
      number,
      number,
      number,
    ];
    this.#bounds = { x: left, y: top, width: right - left, height: bottom - top };
    if (hadNone) this.#changed();
    else this.#arrange();
  }

  /** The view that the toolbar speaks of. @throws `not-found` when none is selected. */
  selected(): View {
    if (this.#selected === null) throw new AppError('not-found', 'No view is selected.');
    return this.#view(this.#selected);
  }

  focus(): void {
    const view = this.selected();
    this.#detached.get(view.id)?.focus();
    view.contents.focus();
  }

  setFullScreen(on: boolean): void {
    const view = this.selected();
    const own = this.#detached.get(view.id);
    const window = this.#deps.window();
    if (own) own.window.setFullScreen(on);
    else if (!on) this.#leaveFullScreen();
    else if (window && !this.#fullScreen) {
      this.#fullScreen = true;
      // However it is left, by the system too, what is ours comes back.
      window.once('leave-full-screen', () => this.#leaveFullScreen());
      window.setFullScreen(true);
    }
    this.#changed();
    view.contents.focus();
  }

  #leaveFullScreen(): void {
    if (!this.#fullScreen) return;
    this.#fullScreen = false;
    this.#deps.window()?.setFullScreen(false);
    this.#changed();
  }

  #onKey(view: View, key: OwnKey): void {
    if (key !== 'full-screen') {
      this.#deps.key(key);
      return;
    }
    const own = this.#detached.get(view.id)?.window;
    if (own) own.setFullScreen(!own.isFullScreen());
    else if (view.id === this.#selected) this.setFullScreen(!this.#fullScreen);
  }

  #onEscaped(view: View): void {
    this.#detached.get(view.id)?.window.setFullScreen(false);
    if (view.id === this.#selected) this.#leaveFullScreen();
  }

  async cover(covered: boolean): Promise<string | null> {
    this.#covered = covered;
    const view = this.#selected === null ? undefined : this.#views.get(this.#selected);
    let picture: string | null = null;
    if (covered && view && view.state.error === null && !this.#detached.has(view.id)) {
      const image = await view.contents.capturePage();
      if (!image.isEmpty()) picture = `data:image/jpeg;base64,${image.toJPEG(92).toString('base64')}`;
    }
    this.#arrange();
    return picture;
  }

  detach(id: string): void {
    const view = this.#view(id);
    const open = this.#detached.get(id);
    if (open) {
      open.focus();
      return;
    }
    this.#leaveFullScreen();
    this.#deps.window()?.contentView.removeChildView(view.native);
    this.#detached.set(id, new DetachedWindow(view, () => void this.close(id)));
    view.set({ detached: true });
    view.contents.focus();
  }

  attach(id: string): void {
    const view = this.#view(id);
    this.#detached.get(id)?.release();
    this.#detached.delete(id);
    this.#deps.window()?.contentView.addChildView(view.native);
    view.set({ detached: false });
    this.select(id);
  }

  /** Whether it is on the screen now. */
  isShown(id: string): boolean {
    const view = this.#views.get(id);
    return view !== undefined && (this.#detached.has(id) || this.#isShown(view));
  }

  /** The view in the focused window of its own, for the menu. */
  focusedDetached(): View | null {
    const focused = BaseWindow.getFocusedWindow();
    const found = [...this.#detached].find(([, window]) => window.is(focused));
    return found ? (this.#views.get(found[0]) ?? null) : null;
  }

  /** The engine ended: what the views know of its gateway is void. Pages stay as they are. */
  onEngineEnded(): void {
    for (const id of this.#views.keys()) this.#stale.add(id);
  }

  /** Gives the views the new gateway's access, as soon as it knows their apps again. */
  async renewAccess(): Promise<void> {
    for (const id of [...this.#stale]) {
      const view = this.#views.get(id);
      const session = view && this.#sessionOf(view);
      const state = this.#deps.state().instances.find((instance) => instance.id === view?.instanceId)?.state;
      if (!view || !session) this.#stale.delete(id);
      else if (state === 'ready' || state === 'reconnecting') {
        this.#stale.delete(id);
        try {
          await session.admit(await this.#deps.viewAccess(view.instanceId));
          view.resume();
        } catch (error) {
          // Not taken up yet, or the engine ended again: the next change of state tries again.
          this.#stale.add(id);
          const { code } = AppError.from(error);
          if (code !== 'not-found' && code !== 'engine-down') throw error;
        }
      }
    }
  }

  async #create(instance: Instance, path = instance.path): Promise<View> {
    const user = this.#deps.state().clusters.find(({ cluster }) => cluster.id === instance.clusterId)?.cluster.user;
    const access = await this.#deps.viewAccess(instance.id);
    const session = this.#session(partitionFor(instance.clusterId, user ?? '', instance.recipe));
    await session.admit(access);
    const view = this.#add({ ...instance, path }, access, session, null);
    view.load();
    return view;
  }

  #add(
    instance: Instance,
    access: ViewAccess,
    session: ViewSession,
    opened: { id: string; contents: WebContents | null } | null,
  ): View {
    const deps: ConstructorParameters<typeof View>[2] = {
      session,
      changed: () => this.#changed(),
      key: (key) => this.#onKey(view, key),
      escaped: () => this.#onEscaped(view),
      ask: (url) => this.#deps.ask(url),
      owned: (contents) => {
        const { id } = contents;
        this.#hosts.set(id, access.host);
        contents.once('destroyed', () => this.#hosts.delete(id));
      },
      gone: () => {
        if (this.#views.get(view.id) === view) this.#forget(view);
      },
      mayOpen: () => this.#pagesOf(instance.id).length < pageLimit,
      open: (contents, isBehind) => {
        this.#opened += 1;
        const made = this.#add(instance, access, session, { id: `${instance.id}.${this.#opened}`, contents });
        if (isBehind) this.#changed();
        else this.select(made.id);
        return made;
      },
      window: () => this.#detached.get(view.id)?.window ?? this.#deps.window(),
    };
    const view: View = new View(instance, access, deps, opened);
    this.#views.set(view.id, view);
    this.#deps.window()?.contentView.addChildView(view.native);
    return view;
  }

  #pagesOf(instanceId: string): View[] {
    return [...this.#views.values()].filter((view) => view.instanceId === instanceId);
  }

  #openable(id: string): Instance {
    const instance = this.#deps.state().instances.find((entry) => entry.id === id);
    if (!instance) throw new AppError('not-found', 'This app is not on the list any more.');
    if (instance.state !== 'ready' && instance.state !== 'reconnecting') {
      throw new AppError(
        'conflict',
        message`${{ title: instance.title }} is ${{ state: instance.state }}: there is nothing to open.`,
        {
          hint: 'Open it once it is ready.',
        },
      );
    }
    return instance;
  }

  #session(partition: string): ViewSession {
    const known = this.#sessions.get(partition);
    if (known) return known;
    const made = new ViewSession(partition, (contentsId) => this.#hosts.get(contentsId));
    handleDownloads(made.session, () => this.#deps.window());
    this.#sessions.set(partition, made);
    return made;
  }

  #sessionOf(view: View): ViewSession | undefined {
    return [...this.#sessions.values()].find(({ session }) => session === view.contents.session);
  }

  #view(id: string): View {
    const view = this.#views.get(id);
    if (!view) throw new AppError('not-found', 'This app has no open view.');
    return view;
  }

  #forget(view: View): void {
    this.#views.delete(view.id);
    this.#stale.delete(view.id);
    this.#detached.get(view.id)?.release();
    this.#detached.delete(view.id);
    this.#deps.window()?.contentView.removeChildView(view.native);
    if (this.#pagesOf(view.instanceId).length === 0)
      for (const session of this.#sessions.values()) session.dismiss(view.host);
    if (this.#selected === view.id) {
      this.#selected = null;
      this.#leaveFullScreen();
    }
    this.#changed();
  }

  #changed(): void {
    this.#arrange();
    this.#deps.publish({
      list: [...this.#views.values()].map((view) => view.state),
      selected: this.#selected,
      fullScreen: this.#fullScreen,
    });
  }

  #arrange(): void {
    for (const view of this.#views.values()) {
      if (this.#detached.has(view.id)) continue;
      const shown = this.#isShown(view);
      if (shown && this.#bounds) view.native.setBounds(this.#bounds);
      view.native.setVisible(shown);
    }
  }

  #isShown(view: View): boolean {
    return view.id === this.#selected && !this.#covered && view.state.error === null && this.#bounds !== null;
  }
}
