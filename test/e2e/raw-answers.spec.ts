import type { AddressInfo } from 'node:net';
import { type ElectronApplication, expect, test } from '@playwright/test';
import type { Gateway } from '../../electron/core/gateway/types.ts';
import { launchPlainChromium, startGatewayFor } from '../helpers/plain-chromium.ts';
import { rawAnswers, rawPath, startRawServer } from '../helpers/raw-answers.ts';

/** What a window shows of an address. */
type Shown = [status: number, body: string] | 'refused' | 'broken';

let plain: ElectronApplication;
let gateway: Gateway;
let raw: Awaited<ReturnType<typeof startRawServer>>;

test.beforeAll(async () => {
  raw = await startRawServer({ port: 0, host: '127.0.0.1' });
  gateway = await startGatewayFor('raw', raw.server);
  plain = await launchPlainChromium();
});

test.afterAll(async () => {
  await plain.close();
  await gateway.dispose();
  await raw.close();
});

/** Asks from a page of `origin`, in a session that reaches it through the gateway or directly. */
async function shownBy(origin: string, through: 'gateway' | null): Promise<Record<string, Shown>> {
  const access = gateway.access('raw');
  return plain.evaluate(
    async ({ BrowserWindow, session }, { origin, paths, access }) => {
      const own = session.fromPartition(access ? 'through' : 'plain');
      if (access) {
        await own.setProxy({
          mode: 'fixed_servers',
          proxyRules: `http://127.0.0.1:${access.proxyPort}`,
          proxyBypassRules: '<-loopback>',
        });
        own.setCertificateVerifyProc(({ certificate }, callback) =>
          callback(certificate.fingerprint === access.certificateFingerprint ? 0 : -2),
        );
        own.webRequest.onBeforeSendHeaders(({ requestHeaders }, callback) =>
          callback({ requestHeaders: { ...requestHeaders, [access.secretHeader.name]: access.secretHeader.value } }),
        );
      }
      const window = new BrowserWindow({ show: false, webPreferences: { session: own } });
      await window.loadURL(`${origin}${paths.page}`);
      const ask = async (path: string) => {
        const script = `fetch(${JSON.stringify(path)}, { redirect: 'manual', cache: 'no-store' }).then(
          (answer) => answer.text().then((text) => [answer.status, text], () => 'broken'),
          () => 'refused')`;
        const shown: unknown = await window.webContents.executeJavaScript(script);
        // The gateway's own answer, where it refuses the app's.
        return Array.isArray(shown) && shown[0] === 502 ? 'refused' : shown;
      };
      const all: [string, unknown][] = [];
      for (const [name, path] of paths.all) all.push([name, await ask(path)]);
      window.destroy();
      return Object.fromEntries(all);
    },
    {
      origin,
      paths: {
        page: rawPath('a length and chunks'),
        all: Object.keys(rawAnswers).map((name) => [name, rawPath(name)] as const),
      },
      access: through ? access : null,
    },
  ) as Promise<Record<string, Shown>>;
}

test('a page gets through the gateway what Chromium shows of the same server, but for what the ADR decides', async () => {
  const { port } = raw.server.address() as AddressInfo;
  const direct = await shownBy(`http://127.0.0.1:${port}`, null);
  const passed = await shownBy(gateway.access('raw').origin, 'gateway');
  const entries = Object.entries(rawAnswers);
  expect(direct).toEqual(
    Object.fromEntries(entries.map(([name, { gateway, chromium }]) => [name, chromium ?? gateway])),
  );
  expect(passed).toEqual(Object.fromEntries(entries.map(([name, { gateway }]) => [name, gateway])));
});
