#!/usr/bin/env node
// Draws icon.png from icon.svg with the Electron of this machine: `node build/icons/render.mjs` after a change of the drawing.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startXvfb } from '../setup/display.mjs';
import { findRuntime } from '../setup/electron.mjs';
import { isRoot } from '../setup/paths.mjs';
import { run } from '../setup/step.mjs';

const size = 1024;
const svg = readFileSync(join(import.meta.dirname, 'icon.svg')).toString('base64');
const page = `<body style="margin:0"><img id="icon" width="${size}" height="${size}" src="data:image/svg+xml;base64,${svg}">`;
const main = `
const { app, BrowserWindow } = require('electron');
app.commandLine.appendSwitch('force-device-scale-factor', '1');
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false, width: 100, height: 100 });
  await window.loadURL('data:text/html;base64,${Buffer.from(page).toString('base64')}');
  const url = await window.webContents.executeJavaScript(\`document.getElementById('icon').decode().then(() => {
    const canvas = new OffscreenCanvas(${size}, ${size});
    canvas.getContext('2d').drawImage(document.getElementById('icon'), 0, 0, ${size}, ${size});
    return canvas.convertToBlob({ type: 'image/png' });
  }).then((blob) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(blob);
  }))\`);
  require('node:fs').writeFileSync(process.env.ICON_FILE, Buffer.from(url.split(',')[1], 'base64'));
  app.exit(0);
});`;

const folder = mkdtempSync(join(tmpdir(), 'tunel-icon-'));
const display = process.platform === 'linux' ? await startXvfb() : undefined;
try {
  writeFileSync(join(folder, 'main.cjs'), main);
  writeFileSync(join(folder, 'package.json'), '{ "name": "icon", "main": "main.cjs" }');
  const args = [...(isRoot ? ['--no-sandbox'] : []), `--user-data-dir=${join(folder, 'data')}`, folder];
  const env = { ...process.env, ...display?.env, ICON_FILE: join(import.meta.dirname, 'icon.png') };
  await run(findRuntime().path, args, { env, timeout: 60_000 });
} finally {
  await display?.stop();
  rmSync(folder, { recursive: true, force: true });
}
