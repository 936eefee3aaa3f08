import { startXvfb } from '../../build/setup/display.mjs';

/** Playwright's global set-up: on Linux every window opens on an X server of the tests' own. Returns the tear-down. */
export default async function useOwnDisplay(): Promise<undefined | (() => Promise<void>)> {
  if (process.platform !== 'linux') return undefined;
  const display = await startXvfb();
  Object.assign(process.env, display.env);
  // Electron would prefer Wayland where both are.
  delete process.env.WAYLAND_DISPLAY;
  return display.stop;
}
