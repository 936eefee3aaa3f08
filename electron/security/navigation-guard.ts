import { app, type Event, type WebContents } from 'electron';
import { judgeNavigation, judgeWindow, type PageOwner } from './navigation-policy.ts';

interface WindowRules {
  /** An address outside, which the user may want in the browser. */
  ask(url: string): void;
  /** Options for a window that the page may open; none: it may open none. */
  popup?: {
    /** False: it has too many already. */
    allowed(): boolean;
    options: Electron.BrowserWindowConstructorOptions;
    created(window: Electron.BrowserWindow): void;
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
  contents.setWindowOpenHandler(({ url }) => {
    const { owner, rules } = claimOf();
    const verdict = judgeWindow(owner, url);
    if (verdict === 'allow' && rules.popup?.allowed())
      return { action: 'allow', overrideBrowserWindowOptions: rules.popup.options };
    if (verdict === 'ask') rules.ask(url);
    return { action: 'deny' };
  });
  contents.on('did-create-window', (window) => {
    const { rules } = claimOf();
    if (rules.popup) rules.popup.created(window);
    else window.destroy();
  });
}
