import { Transform } from 'node:stream';
import { formatBytes } from './format.ts';
import { hasStatus, hideStatus, showStatus } from './status-line.ts';

const WIDTH = 24;
const INTERVAL_MS = 100;

export interface ProgressBar {
  add(bytes: number): void;
  /** Takes it off the terminal. */
  end(): void;
}

/** Shows nothing, e.g. where the bytes themselves are shown. */
export const noBar: ProgressBar = { add: () => undefined, end: () => undefined };

/** How far a transfer is, on a terminal. `total` null: not known. */
export function startProgressBar(what: string, total: number | null): ProgressBar {
  if (!hasStatus()) return noBar;
  const begin = performance.now();
  let bytes = 0;
  let last = 0;
  const show = () => {
    const now = performance.now();
    if (now - last < INTERVAL_MS) return;
    last = now;
    showStatus(describeProgress(what, bytes, total, (now - begin) / 1000));
  };
  show();
  return {
    add(more) {
      bytes += more;
      show();
    },
    end: hideStatus,
  };
}

export function describeProgress(what: string, bytes: number, total: number | null, seconds: number): string {
  const rate = seconds > 0 ? `${formatBytes(bytes / seconds)}/s` : '';
  if (total === null) return `${what}  ${formatBytes(bytes)}  ${rate}`;
  const fraction = total === 0 ? 1 : Math.min(1, bytes / total);
  const left = bytes > 0 ? `${Math.ceil((seconds / bytes) * Math.max(0, total - bytes))} s left` : '';
  return `${what}  ${drawBar(fraction)} ${String(Math.floor(fraction * 100)).padStart(3)} %  ${rate}  ${left}`;
}

export const drawBar = (fraction: number): string => `[${'#'.repeat(Math.round(fraction * WIDTH)).padEnd(WIDTH)}]`;

/** Passes bytes on and counts them. */
export const countedBy = (bar: ProgressBar): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bar.add(chunk.length);
      done(null, chunk);
    },
  });
