// A window that shows what BENCH_URL names: what a view is compared with.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL(process.env.BENCH_URL));
app.on('window-all-closed', () => app.quit());
