/** Between two lines of progress, ms. */
const INTERVAL = 200;

/** Shows on a terminal how far a copy is; elsewhere nothing. */
export class TransferProgress {
  readonly #name: string;
  /** In bytes; null: not known. */
  readonly #size: number | null;
  readonly #startedAt = Date.now();
  #bytes = 0;
  #shownAt = 0;

  constructor(name: string, size: number | null) {
    this.#name = name;
    this.#size = size;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    const now = Date.now();
    if (!process.stderr.isTTY || now - this.#shownAt < INTERVAL) return;
    this.#shownAt = now;
    process.stderr.write(`\r\x1b[K${this.#text(now)}`);
  }

  /** Leaves its last line. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${this.#text(Date.now())}\n`);
  }

  #text(now: number): string {
    const seconds = Math.max(0.001, (now - this.#startedAt) / 1000);
    const share = this.#size ? ` of ${formatBytes(this.#size)}, ${Math.floor((100 * this.#bytes) / this.#size)} %` : '';
    return `${this.#name}: ${formatBytes(this.#bytes)}${share}, ${formatBytes(this.#bytes / seconds)}/s`;
  }
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `12 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
