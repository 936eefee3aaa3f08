import type { SiteProfile } from '../../electron/shared/sites.ts';
import { actions, attempt } from '../actions.ts';

/** A link to what the site writes of itself; only https opens in the browser. */
export function SiteDocs({ site }: { site: SiteProfile }) {
  const url = site.docs;
  if (!url?.startsWith('https://')) return null;
  return (
    <button
      type="button"
      className="link"
      title={url}
      onClick={() => attempt('The page did not open', actions.openExternal(url))}
    >
      Read more
    </button>
  );
}
