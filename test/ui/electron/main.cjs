// Shows the UI fixture page in a real window, served by its own scheme with the product's own headers.
const { readFile } = require('node:fs/promises');
const { extname, join, normalize } = require('node:path');
const { app, BrowserWindow, protocol } = require('electron');

const root = process.env.UI_FIXTURE_ROOT;
const headers = JSON.parse(process.env.UI_FIXTURE_HEADERS);
const isolated = JSON.parse(process.env.UI_FIXTURE_ISOLATED);
const workerPolicy = process.env.UI_FIXTURE_WORKER_POLICY;
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

protocol.registerSchemesAsPrivileged([
  { scheme: 'fixture', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  { scheme: 'isolated', privileges: { standard: true, secure: true } },
]);

app.whenReady().then(async () => {
  protocol.handle('fixture', async (request) => {
    const path = join(root, normalize(decodeURIComponent(new URL(request.url).pathname)));
    const type = types[extname(path)] ?? 'application/octet-stream';
    const own = /-worker-[\w-]+\.js$/.test(path) ? { ...headers, 'Content-Security-Policy': workerPolicy } : headers;
    return new Response(await readFile(path), { headers: { ...own, 'Content-Type': type } });
  });
  protocol.handle('isolated', () => new Response(isolated.body, { headers: isolated.headers }));
  const window = new BrowserWindow({ width: 1280, height: 800, useContentSize: true });
  // A scene may have changes that are not saved; the next one is shown all the same.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  await window.loadURL('fixture://page/index.html?scene=first');
});
app.on('window-all-closed', () => app.quit());
