// The least that Electron shows: what the app's own window is compared with.
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false });
  window.once('ready-to-show', () => window.show());
  void window.loadURL('data:text/html,<p>An empty window</p>');
});
app.on('window-all-closed', () => app.quit());
