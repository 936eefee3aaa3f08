import { type BrowserWindow, desktopCapturer, type NativeImage, type Rectangle, screen } from 'electron';
import { AppError } from '../shared/errors.ts';

/** A PNG of the window as it is on the screen, with the view inside it: `capturePage` knows only our own page. */
export async function takeWindowPicture(window: BrowserWindow): Promise<Buffer> {
  const picture = (await fromWindows(window)) ?? (await fromScreen(window.getContentBounds()));
  if (!picture) {
    throw new AppError('internal', 'The system gave no picture of the window.', {
      hint: 'Allow Tunel to record the screen, or start the demo without a display.',
    });
  }
  return picture.toPNG();
}

async function fromWindows(window: BrowserWindow): Promise<NativeImage | null> {
  const { width, height } = window.getBounds();
  const sources = await desktopCapturer.getSources({ types: ['window'], thumbnailSize: { width, height } });
  // `window:<native id>:<ours>`; the last part differs between the two.
  const nativeId = window.getMediaSourceId().split(':')[1];
  const found = sources.find((source) => source.id.split(':')[1] === nativeId)?.thumbnail;
  return found && !found.isEmpty() ? found : null;
}

/** Without a window manager, as under Xvfb, X11 lists no windows: the part of the screen where it lies. */
async function fromScreen(bounds: Rectangle): Promise<NativeImage | null> {
  const display = screen.getDisplayMatching(bounds);
  const { width, height } = display.size;
  const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width, height } });
  const source = sources.find((entry) => entry.display_id === String(display.id)) ?? sources[0];
  if (!source || source.thumbnail.isEmpty()) return null;
  const left = Math.max(0, bounds.x - display.bounds.x);
  const top = Math.max(0, bounds.y - display.bounds.y);
  return source.thumbnail.crop({
    x: left,
    y: top,
    width: Math.min(bounds.width, width - left),
    height: Math.min(bounds.height, height - top),
  });
}
