import type { WebContents } from 'electron';

/** A world of our own: the page neither sees nor changes what runs in it. */
const OWN_WORLD = 941;

const waitForPaint = `new Promise((resolve) => {
  const isPainted = (list) => list.getEntriesByName('first-contentful-paint').length > 0;
  if (isPainted(performance)) return resolve();
  new PerformanceObserver((list, observer) => {
    if (!isPainted(list)) return;
    observer.disconnect();
    resolve();
  }).observe({ type: 'paint', buffered: true });
})`;

/** Resolves once the page that these contents show has painted something; rejects when it goes away before. */
export async function untilPainted(contents: WebContents): Promise<void> {
  await contents.executeJavaScriptInIsolatedWorld(OWN_WORLD, [{ code: waitForPaint }]);
}
