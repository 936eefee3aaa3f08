import { createServer, type Server } from 'node:http';
import { type ElectronApplication, expect, test } from '@playwright/test';
import type { Gateway } from '../../electron/core/gateway/types.ts';
import { launchPlainChromium, startGatewayFor } from '../helpers/plain-chromium.ts';

/** Each is one that an app behind TLS may set; a page that signs in by it must get it back. */
const lines: Readonly<Record<string, string>> = {
  plain: 'session=1',
  secure: 'session=1; Path=/; Secure; HttpOnly',
  none: 'session=1; Path=/; SameSite=None; Secure',
  partitioned: 'session=1; Path=/; SameSite=None; Secure; HttpOnly; Partitioned',
  lax: 'session=1; SameSite=Lax; Secure',
  strict: 'session=1; SameSite=Strict; Secure',
  domain: 'session=1; Domain=app.example.edu; Path=/; Secure',
  path: 'session=1; Path=/path; Secure; SameSite=None',
  expires: 'session=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Secure; SameSite=None',
  host: '__Host-session=1; Path=/; Secure; SameSite=None; HttpOnly',
  'host-partitioned': '__Host-session=1; Path=/; Secure; SameSite=None; Partitioned',
  'host-domain': '__Host-session=1; Path=/; Secure; Domain=app.example.edu',
  'secure-name': '__Secure-session=1; Secure; SameSite=None',
  utf8: 'session=caf\xc3\xa9; Secure; SameSite=None',
  odd: "s!#$%&'*+-.^_`|~n=a b,c; Secure; SameSite=None",
};

let plain: ElectronApplication;
let app: Server;
let gateway: Gateway;

test.beforeAll(async () => {
  app = createServer((req, res) => {
    const [, kind = '', step = ''] = (req.url ?? '').split('/');
    if (step === 'in')
      res.writeHead(302, { location: `/${kind}/home`, 'set-cookie': [lines[kind] ?? '', 'other=2'] }).end();
    else res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(req.headers.cookie ?? 'none');
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  gateway = await startGatewayFor('cookies', app);
  plain = await launchPlainChromium();
});

test.afterAll(async () => {
  await plain.close();
  await gateway.dispose();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
});

test('every cookie of an app that is reached by the browser link comes back to it', async () => {
  const seen: [string, string][] = [];
  for (const kind of Object.keys(lines)) {
    const link = await gateway.browserLink('cookies');
    const shown = await plain.evaluate(
      async ({ BrowserWindow }, { link, kind }) => {
        const window = new BrowserWindow({ show: false, webPreferences: { partition: kind } });
        await window.loadURL(link);
        await window.loadURL(`${new URL(link).origin}/${kind}/in`);
        const text: unknown = await window.webContents.executeJavaScript('document.body.textContent');
        window.destroy();
        return String(text);
      },
      { link, kind },
    );
    seen.push([kind, shown]);
  }
  expect(seen).toEqual(
    Object.entries(lines).map(([kind, line]) => [kind, expect.stringContaining(line.split(';', 1)[0] ?? '')]),
  );
  for (const [, cookies] of seen) expect(cookies).toContain('other=2');
});
