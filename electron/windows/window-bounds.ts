import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';

export const smallest = { width: 640, height: 480 };
const usual = { width: 1280, height: 800 };
/** So much of a window must be on a screen that it can be seen and dragged, pixels. */
const grip = 100;

const whole = z.number().int().min(-100_000).max(100_000);
const savedSchema = z.object({ x: whole, y: whole, width: whole, height: whole, maximized: z.boolean() });
type SavedBounds = z.infer<typeof savedSchema>;

/** Where the window opens: as it was, where that place still is; else in its usual size, in the middle. */
export function placeWindow(
  saved: SavedBounds | null,
  screens: readonly Rectangle[],
): { width: number; height: number; x?: number; y?: number } {
  if (!saved) return usual;
  const width = Math.max(saved.width, smallest.width);
  const height = Math.max(saved.height, smallest.height);
  const visible = screens.some(
    (screen) =>
      saved.x + width >= screen.x + grip &&
      saved.x <= screen.x + screen.width - grip &&
      saved.y >= screen.y &&
      saved.y <= screen.y + screen.height - grip,
  );
  return visible ? { x: saved.x, y: saved.y, width, height } : { width, height };
}

/** What was saved, or null where there is nothing that can be used: a window's place is worth no message. */
export function readBounds(file: string): SavedBounds | null {
  try {
    return savedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

export function saveBounds(file: string, bounds: SavedBounds): void {
  writeFileSync(`${file}.new`, JSON.stringify(bounds), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
