import { extname, join, sep } from 'node:path';
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
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const pageHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

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
