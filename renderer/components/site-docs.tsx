import type { SiteProfile } from '../../electron/shared/sites.ts';
import { attempt } from '../attempt.ts';
import { invoke } from '../bridge.ts';
import { LinkButton } from './link-button.tsx';

/** A link to what the site writes of itself; only https opens in the browser. */
export function SiteDocs({ site }: { site: SiteProfile }) {
  const url = site.docs;
  if (!url?.startsWith('https://')) return null;
  return (
    <LinkButton title={url} onClick={() => attempt('The page did not open', invoke('desktop.openExternal', { url }))}>
      Read more
    </LinkButton>
  );
}
