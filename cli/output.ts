import { AppError } from '../electron/shared/errors.ts';
import { exitCodeOfError } from './exit-codes.ts';
import type { JsonOption } from './json-option.ts';
import { hideStatus, turnStatusOff } from './status-line.ts';
import { paint } from './style.ts';

/** Prints a value as JSON for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Lines of lists, shown by a pager at the end of the command; what is written to the error output meanwhile follows them. */
const held = { lines: [] as string[], messages: [] as string[] };
const general = { isQuiet: false, pages: true };

/** What options for every command say. */
export function setOutput({ quiet, pager }: { quiet?: boolean; pager?: boolean }): void {
  if (quiet === true) {
    general.isQuiet = true;
    turnStatusOff();
  }
  if (pager === false) general.pages = false;
}

const isPaged = (): boolean => general.pages && process.stdout.isTTY;

/** Prints rows as columns, as wide as their widest cell. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const lines = all.map((row, index) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return index === 0 ? paint('bold', line) : line;
  });
  printLong(`${lines.join('\n')}\n`);
}

/** Prints what may be longer than the terminal, which then shows it by a pager. */
export function printLong(text: string): void {
  if (isPaged()) held.lines.push(text);
  else process.stdout.write(text);
}

/** What was asked for, as text. */
export const printResult = (text: string): void => printLong(`${text}\n`);

/** Names and their values, a line each; those without a value are left out. */
export function printFields(fields: readonly (readonly [string, string])[]): void {
  const filled = fields.filter(([, value]) => value !== '');
  const width = Math.max(...filled.map(([name]) => name.length)) + 2;
  printLong(filled.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join(''));
}

/** What was changed: data for programs, else a sentence. */
export function printDone({ json }: JsonOption, value: unknown, text: string): void {
  if (json) printJson(value);
  else printProgress(text);
}

/** Shows what was held for the pager. */
async function flush(): Promise<void> {
  const text = held.lines.splice(0).join('');
  const messages = held.messages.splice(0);
  const isLong = text.split('\n').length > (process.stdout.rows || 24);
  if (text !== '' && isLong) await (await import('./pager.ts')).showPaged(text);
  else process.stdout.write(text);
  for (const message of messages) process.stderr.write(`${message}\n`);
}

/** As `2026-11-29 14:20`, in the time zone of this computer. */
export function formatDateTime(at: number): string {
  const date = new Date(at);
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** Progress and notices go to the error output, so that a pipe gets only results; with --quiet they are left out. */
export function printProgress(text: string): void {
  if (general.isQuiet) return;
  hideStatus();
  if (held.lines.length > 0) held.messages.push(text);
  else process.stderr.write(`${text}\n`);
}

/** What a question to the user or a failure says, also with --quiet. */
export function printMessage(text: string): void {
  hideStatus();
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a command's work; a failure is printed as text or JSON and becomes the exit code: `failureCode` where that is given,
 * else that of the table of exit codes. One that a signal ended keeps the code of that.
 */
export async function runAction(
  { json = false }: { json?: boolean },
  work: () => Promise<void>,
  failureCode: number | null = null,
): Promise<void> {
  try {
    await work();
    await flush();
  } catch (thrown) {
    await flush();
    const error = AppError.from(thrown);
    if (json) printJson({ error: error.serialize() });
    else printFailure(error);
    // The signal that ended it says more than how it ended.
    process.exitCode ||= failureCode ?? exitCodeOfError(error);
  }
}

function printFailure({ message, errors, hint, detail }: AppError): void {
  printMessage(`${paint('red', 'Error:', process.stderr)} ${message}`);
  if (errors.length > 1) for (const { field, message: text } of errors) printMessage(`  ${field}: ${text}`);
  if (hint) printMessage(hint);
  if (detail) printMessage(detail.replace(/^/gm, '  '));
}
