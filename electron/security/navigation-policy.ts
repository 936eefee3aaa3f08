import { isolatedPage } from '../shared/isolated-page.ts';
import { appOrigin } from './app-origin.ts';

/** Whose page it is. Contents that nobody claimed go nowhere. */
export type PageOwner = { kind: 'app' } | { kind: 'view'; origin: string } | { kind: 'unclaimed' };
/** `ask`: not here, but the user may open it in the browser. */
type Verdict = 'allow' | 'deny' | 'ask';

const parse = (url: string): URL | null => (URL.canParse(url) ? new URL(url) : null);

/** Where a frame may go. */
export function judgeNavigation(owner: PageOwner, url: string, isMainFrame: boolean): Verdict {
  const target = parse(url);
  if (!target) return 'deny';
  if (owner.kind === 'app') {
    if (target.href === isolatedPage) return isMainFrame ? 'deny' : 'allow';
    if (target.href.startsWith(`${appOrigin}/`)) return isMainFrame ? 'allow' : 'deny';
    return isMainFrame && isExternal(target) ? 'ask' : 'deny';
  }
  if (owner.kind === 'unclaimed') return 'deny';
  if (isOwn(target, owner.origin)) return 'allow';
  // Notebooks show their results in frames without an address of their own.
  if (!isMainFrame) return ['about:', 'data:'].includes(target.protocol) ? 'allow' : 'deny';
  return isExternal(target) ? 'ask' : 'deny';
}

/** Whether a page may open a window of its own. An empty one is filled by its opener, then judged as navigation. */
export function judgeWindow(owner: PageOwner, url: string): Verdict {
  const target = parse(url);
  if (!target || owner.kind === 'unclaimed') return 'deny';
  if (owner.kind === 'view' && (isOwn(target, owner.origin) || target.href === 'about:blank')) return 'allow';
  return isExternal(target) ? 'ask' : 'deny';
}

/** What may leave for the user's browser: https, and no user name dressed up as a host. */
export function isExternal(target: URL): boolean {
  return target.protocol === 'https:' && target.username === '' && target.password === '' && target.hostname !== '';
}

/** A blob's origin is that of the page which made it. */
function isOwn(target: URL, origin: string): boolean {
  return target.origin === origin && (target.protocol === 'https:' || target.protocol === 'blob:');
}
