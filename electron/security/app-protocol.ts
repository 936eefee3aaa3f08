import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { fileFor, headersFor, pageHeaders } from './app-files-policy.ts';
import { appScheme } from './app-origin.ts';

/** Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built pages to our own windows; views live in other sessions, where the scheme is unknown. */
export function serveApp(root: string): void {
  protocol.handle(appScheme, async (request) => {
    const file = request.method === 'GET' ? fileFor(request.url, root) : null;
    if (!file) return new Response('Not found', { status: 404, headers: pageHeaders });
    try {
      return new Response(new Uint8Array(await readFile(file.path)), {
        headers: { ...headersFor(file.path), 'Content-Type': file.type },
      });
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return new Response(missing ? 'Not found' : 'Unreadable', { status: missing ? 404 : 500, headers: pageHeaders });
    }
  });
}
