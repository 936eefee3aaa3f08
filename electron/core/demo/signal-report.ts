import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The environment variable with the file in which a command on a terminal names the signal that it ends by. */
export const SIGNAL_FILE = 'TUNEL_SIGNAL_FILE';

/** Makes the folder of the reports anew: what an earlier server left there belongs to nobody. */
export function openSignalReports(folder: string): () => SignalReport {
  const reports = join(folder, 'signals');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true, mode: 0o700 });
  return () => new SignalReport(join(reports, randomBytes(8).toString('hex')));
}

/** By which signal a command on a terminal ended: script(1) gives it as an exit code, which may be a shell's own as well. */
export class SignalReport {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Once, when the command has ended; null: it has named none. */
  take(): string | null {
    if (!existsSync(this.path)) return null;
    const [name = null] = /^[A-Z][A-Z0-9]{1,9}$/m.exec(readFileSync(this.path, 'utf8')) ?? [];
    rmSync(this.path, { force: true });
    return name;
  }
}
