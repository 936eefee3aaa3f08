/** One line at the bottom of the terminal that is written anew, on the error output. */
let shown = false;
let isOff = false;

/** From now on there is none, as with --quiet. */
export function turnStatusOff(): void {
  isOff = true;
}

/** Whether anybody sees it: a pipe and a file get none. */
export const hasStatus = (): boolean => process.stderr.isTTY && !isOff;

export function showStatus(text: string): void {
  if (!hasStatus()) return;
  shown = true;
  process.stderr.write(`\r${text.slice(0, (process.stderr.columns || 80) - 1)}\x1b[K`);
}

/** Before anything else is written to the terminal. */
export function hideStatus(): void {
  if (!shown) return;
  shown = false;
  process.stderr.write('\r\x1b[K');
}
