import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ElectronApplication, test } from '@playwright/test';
import { appRoot } from './electron.ts';

/**
 * A picture of the window as it is on the X screen, views included: a page's own screenshot shows only itself.
 * With `TUNEL_PICTURES=1` it replaces the one in docs/pictures, else it goes to test-results/screenshots.
 */
export async function windowPicture(app: ElectronApplication, name: string): Promise<string> {
  const folder = process.env.TUNEL_PICTURES ? 'docs/pictures' : 'test-results/screenshots';
  const file = join(appRoot, folder, `${name}.png`);
  const png = await app.evaluate(async ({ BrowserWindow, desktopCapturer, screen }) => {
    const window = BrowserWindow.getAllWindows()[0];
    if (!window) throw new Error('there is no window');
    const bounds = window.getContentBounds();
    const display = screen.getDisplayMatching(bounds);
    const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: display.size });
    const whole = (sources.find((source) => source.display_id === String(display.id)) ?? sources[0])?.thumbnail;
    if (!whole || whole.isEmpty()) throw new Error('the screen gave no picture');
    return whole.crop(bounds).toPNG().toString('base64');
  });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, Buffer.from(png, 'base64'));
  await test.info().attach(name, { path: file, contentType: 'image/png' });
  return file;
}
