import { app, type Session, session } from 'electron';
import { isolatedPage } from '../shared/isolated-page.ts';
import { appOrigin } from './app-origin.ts';
import { ownerOf } from './navigation-guard.ts';
import { judgePermission } from './permission-policy.ts';

/** Every session, also those made later: no permissions, no devices, nothing that phones home. Before the app is ready. */
export function lockSessions(): void {
  app.on('session-created', lockSession);
  // Default deny is Chromium's own answer; this says so, whatever a handler elsewhere might do.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event, _contents, _details, _auth, callback) => {
    event.preventDefault();
    callback();
  });
}

function lockSession(locked: Session): void {
  locked.setPermissionRequestHandler((contents, permission, callback) =>
    callback(judgePermission(ownerOf(contents), permission)),
  );
  locked.setPermissionCheckHandler((contents, permission) =>
    contents ? judgePermission(ownerOf(contents), permission) : false,
  );
  locked.setDevicePermissionHandler(() => false);
  // Without languages as well: disabled alone still fetches a dictionary.
  locked.setSpellCheckerLanguages([]);
  locked.setSpellCheckerEnabled(false);
}

/** Only root could listen there, and does not: whatever is sent to it is refused. */
const NO_PROXY_THERE = 'http://127.0.0.1:1';

/** Our own window loads nothing that is not in the app. */
export function keepAppSessionLocal(): void {
  // What no handler is asked about goes nowhere either: preconnections, names that are looked up ahead, and calls.
  void session.defaultSession.setProxy({
    mode: 'fixed_servers',
    proxyRules: NO_PROXY_THERE,
    proxyBypassRules: '<-loopback>',
  });
  const isOurs = (url: string) =>
    url.startsWith(`${appOrigin}/`) ||
    url === isolatedPage ||
    (!app.isPackaged && (url.startsWith('devtools:') || url.startsWith('chrome-extension:')));
  session.defaultSession.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !isOurs(details.url) }));
  session.defaultSession.on('will-download', (event) => event.preventDefault());
}
