import { AppError } from '../electron/shared/errors.ts';
import { UsageError } from './usage-error.ts';

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

/** As `2026-11-29 14:20`, in the time zone of this computer. */
export function formatDateTime(at: number): string {
  const date = new Date(at);
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** Progress goes to stderr, so that a pipe gets only results. */
export function printProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What a shell's own commands exit with when they are called wrongly. */
export const USAGE_FAILURE = 2;

/**
 * Runs a command's work; a failure is printed as text or JSON and becomes the exit code: `failureCode` where that is given,
 * else 2 for a wrong command line and 1 for anything else.
 */
export async function runAction(
  { json = false }: { json?: boolean },
  work: () => Promise<void>,
  failureCode: number | null = null,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (json) printJson({ error: error.serialize() });
    else {
      printProgress(`Error: ${error.message}`);
      if (error.errors.length > 1)
        for (const { field, message } of error.errors) printProgress(`  ${field}: ${message}`);
      if (error.hint) printProgress(error.hint);
      if (error.detail) printProgress(error.detail.replace(/^/gm, '  '));
    }
    process.exitCode = failureCode ?? (error instanceof UsageError ? USAGE_FAILURE : 1);
  }
}
