import { app, type Event, type WebContents } from 'electron';
import { judgeNavigation, judgeWindow, type PageOwner } from './navigation-policy.ts';

interface WindowRules {
  /** An address outside, which the user may want in the browser. */
  ask(url: string): void;
  /** For pages that the page may open; none: it may open none. */
  opened?: {
    /** False: there are too many already. */
    allowed(): boolean;
    webPreferences: Electron.WebPreferences;
    /**
     * Gives a page its place on screen. `contents` are those that know their opener; null: they are to be made. `isBehind`: the user stays where they are (middle click, Ctrl click).
     */
    place(contents: WebContents | null, isBehind: boolean): WebContents;
  };
}

const claims = new WeakMap<WebContents, { owner: PageOwner; rules: WindowRules }>();
const unclaimed: { owner: PageOwner; rules: WindowRules } = {
  owner: { kind: 'unclaimed' },
  rules: { ask: () => undefined },
};

/** Says whose page it is. Without it the page goes nowhere. */
export function claim(contents: WebContents, owner: PageOwner, rules: WindowRules): void {
  claims.set(contents, { owner, rules });
}

export function ownerOf(contents: WebContents): PageOwner {
  return (claims.get(contents) ?? unclaimed).owner;
}

/** Guards every page of this process, whoever makes it. Once, before the first window. */
export function guardNavigation(): void {
  app.on('web-contents-created', (_event, contents) => guard(contents));
}

function guard(contents: WebContents): void {
  const claimOf = () => claims.get(contents) ?? unclaimed;
  const judge = (event: Event, url: string, isMainFrame: boolean) => {
    const { owner, rules } = claimOf();
    const verdict = judgeNavigation(owner, url, isMainFrame);
    if (verdict === 'allow') return;
    event.preventDefault();
    if (verdict === 'ask') rules.ask(url);
  };
  contents.on('will-frame-navigate', (details) => judge(details, details.url, details.isMainFrame));
  contents.on('will-redirect', (details) => judge(details, details.url, details.isMainFrame));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler((details) => {
    const { owner, rules } = claimOf();
    const verdict = judgeWindow(owner, details.url);
    const { opened } = rules;
    if (verdict === 'allow' && opened?.allowed()) return allowPage(opened, details);
    if (verdict === 'ask') rules.ask(details.url);
    return { action: 'deny' };
  });
  // None is made but by `place`.
  contents.on('did-create-window', (window) => window.destroy());
}

function allowPage(
  opened: NonNullable<WindowRules['opened']>,
  { url, disposition, referrer, postBody }: Electron.HandlerDetails,
): Electron.WindowOpenHandlerResponse {
  return {
    action: 'allow',
    // A page stays when the one that opened it is closed, as in a browser.
    outlivesOpener: true,
    overrideBrowserWindowOptions: { webPreferences: opened.webPreferences },
    createWindow: (options: Electron.BrowserWindowConstructorOptions & { webContents?: WebContents }) => {
      const made = opened.place(options.webContents ?? null, disposition === 'background-tab');
      // Electron loads only what knows its opener. A failure is reported by did-fail-load.
      if (!options.webContents) made.loadURL(url, loadOptions(referrer, postBody)).catch(() => undefined);
      return made;
    },
  };
}

function loadOptions(referrer: Electron.Referrer, body: Electron.PostBody | undefined): Electron.LoadURLOptions {
  if (!body) return { httpReferrer: referrer };
  const { boundary, contentType, data } = body;
  const type = boundary ? `${contentType}; boundary=${boundary}` : contentType;
  return { httpReferrer: referrer, postData: data, extraHeaders: `Content-Type: ${type}` };
}
