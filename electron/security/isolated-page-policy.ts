/**
 * What a page in the isolated frame may do: run the scripts that are in it. It has no origin, no network, and cannot go
 * anywhere, send a form, open a window or show a message box. `eval` gives its scripts nothing that they do not have.
 */
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' data: blob:",
  "style-src 'unsafe-inline' data: blob:",
  'img-src data: blob:',
  'font-src data: blob:',
  'media-src data: blob:',
  'connect-src data: blob:',
  'worker-src data: blob:',
  "base-uri 'none'",
  "form-action 'none'",
  'sandbox allow-scripts',
].join('; ');

export const isolatedHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/**
 * Takes the page from its parent once, and says how high it is. The policy above stays when the page is written. Links that
 * lead elsewhere would only end in an empty frame, so they do nothing.
 */
export const isolatedDocument = `<!doctype html><meta charset="utf-8"><title></title><script>
addEventListener('message', ({ source, data }) => {
  if (source !== parent || typeof data?.html !== 'string') return;
  document.open();
  document.write(data.html);
  document.close();
  const tell = () => parent.postMessage({ height: document.documentElement.offsetHeight }, '*');
  new ResizeObserver(tell).observe(document.documentElement);
  addEventListener('click', (event) => {
    const link = event.composedPath().find((node) => node.localName === 'a' && node.getAttribute('href'));
    if (link && !link.getAttribute('href').startsWith('#')) event.preventDefault();
  }, true);
}, { once: true });
</script>`;
