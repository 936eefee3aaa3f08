export interface Display {
  env: { DISPLAY: string; XAUTHORITY: string };
  stop(): Promise<void>;
}
/** Starts an X server without a screen on a free display, in pixels. */
export function startXvfb(size?: { width?: number; height?: number }): Promise<Display>;
