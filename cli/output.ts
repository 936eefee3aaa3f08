import { AppError } from '../electron/shared/errors.ts';

/** Prints a value as JSON for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints rows as columns, as wide as their widest cell. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

/** Progress goes to stderr, so that a pipe gets only results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Runs a command; its failure is told in words (or as JSON) and becomes the exit code `failure`. */
export async function guarded(json: boolean, work: () => Promise<void>, failure = 1): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (json) printJson({ error: error.serialize() });
    else {
      say(`Error: ${error.message}`);
      if (error.hint) say(error.hint);
      if (error.detail) say(error.detail.replace(/^/gm, '  '));
    }
    process.exitCode = failure;
  }
}
