import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { isolatedPage, isolatedScheme } from '../shared/isolated-page.ts';
import { fileFor, headersFor, pageHeaders } from './app-files-policy.ts';
import { appScheme } from './app-origin.ts';
import { isolatedDocument, isolatedHeaders } from './isolated-page-policy.ts';

/** Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
    { scheme: isolatedScheme, privileges: { standard: true, secure: true } },
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

/** Serves the page of the isolated frame: the same for everything that is shown in it. */
export function serveIsolatedPage(): void {
  protocol.handle(isolatedScheme, ({ url }) =>
    url === isolatedPage
      ? new Response(isolatedDocument, { headers: isolatedHeaders })
      : new Response('Not found', { status: 404, headers: isolatedHeaders }),
  );
}
