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
export function printProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Runs a command's work; a failure is printed as text or JSON and becomes the exit code `failureCode`. */
export async function runAction(
  { json = false }: { json?: boolean },
  work: () => Promise<void>,
  failureCode = 1,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (json) printJson({ error: error.serialize() });
    else {
      printProgress(`Error: ${error.message}`);
      if (error.hint) printProgress(error.hint);
      if (error.detail) printProgress(error.detail.replace(/^/gm, '  '));
    }
    process.exitCode = failureCode;
  }
}
