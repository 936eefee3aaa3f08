/** The last lines of a log, and where in its file they end. Offsets are bytes. */
export interface LogText {
  text: string;
  next: number;
}

/** Adds a piece that shows the bytes from `offset` to `next`; null when it does not follow on, so that the tail must be read again. */
export function appendLog(log: LogText, piece: LogText & { offset: number }, lines: number): LogText | null {
  if (piece.offset !== log.next) return null;
  return { text: lastLines(log.text + piece.text, lines), next: piece.next };
}

export function lastLines(text: string, lines: number): string {
  let at = text.endsWith('\n') ? text.length - 1 : text.length;
  for (let left = lines; left > 0; left -= 1) {
    at = text.lastIndexOf('\n', at - 1);
    if (at < 0) return text;
  }
  return text.slice(at + 1);
}

/** Colour codes mean nothing here, and a carriage return rewrites its line as a terminal would. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters
  const bare = text.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g, '');
  return bare.replace(/\r\n/g, '\n').replace(/^.*\r(?!\n)/gm, '');
}

/** Where `needle` occurs, ignoring case; at most 1000 places. */
export function findAll(text: string, needle: string): number[] {
  if (needle === '') return [];
  const found: number[] = [];
  const low = text.toLowerCase();
  const what = needle.toLowerCase();
  for (let at = low.indexOf(what); at >= 0 && found.length < 1000; at = low.indexOf(what, at + what.length))
    found.push(at);
  return found;
}
