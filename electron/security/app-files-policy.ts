import { extname, join, sep } from 'node:path';
import { isolatedOrigin } from '../shared/isolated-page.ts';
import { appHost } from './app-origin.ts';

const types = new Map(
  Object.entries({
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.json': 'application/json',
    '.map': 'application/json',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.ico': 'image/x-icon',
    '.woff2': 'font/woff2',
    '.woff': 'font/woff',
  }),
);

/** Styles: Mantine writes its variables into style elements. Nothing can be loaded or sent anywhere by them. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  `frame-src ${isolatedOrigin}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of a worker that reads a file of the user: it compiles the WebAssembly that is in its own script, and loads nothing else. */
export const workerSecurityPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/** How the build names the scripts of workers. */
const workerScript = /-worker-[\w-]+\.js$/;

export const pageHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/** The headers of a file of ours. A worker has the policy of its own script, and not that of the page. */
export const headersFor = (path: string): Record<string, string> =>
  workerScript.test(path) ? { ...pageHeaders, 'Content-Security-Policy': workerSecurityPolicy } : pageHeaders;

/** The file below `root` that a URL of ours names and its type, or null for anything else. */
export function fileFor(url: string, root: string): { path: string; type: string } | null {
  const parsed = new URL(url);
  if (parsed.host !== appHost) return null;
  let name: string;
  try {
    name = decodeURIComponent(parsed.pathname);
  } catch {
    return null;
  }
  if (/[\0\\]/.test(name)) return null;
  const path = join(root, name === '/' ? 'index.html' : name);
  const type = types.get(extname(path));
  return path.startsWith(root + sep) && type ? { path, type } : null;
}
