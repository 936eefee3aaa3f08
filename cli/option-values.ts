import { message } from '../electron/shared/messages.ts';
import { UsageError } from './usage-error.ts';

interface NumberRange {
  least: number;
  most?: number;
  /** What is counted, e.g. `minutes`. */
  unit?: string;
}

/** The value of `option`. @throws UsageError */
export function readWholeNumber(option: string, text: string, { least, most, unit }: NumberRange): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) {
    throw new UsageError(
      unit === undefined
        ? message`${{ option }} takes a number, not “${{ value: text }}”.`
        : message`${{ option }} takes a number of ${{ unit }}, not “${{ value: text }}”.`,
    );
  }
  if (Number.isSafeInteger(value) && value >= least && (most === undefined || value <= most)) return value;
  throw new UsageError(
    most === undefined
      ? message`${{ option }} takes a whole number of at least ${{ least }}, not “${{ value: text }}”.`
      : message`${{ option }} takes a whole number from ${{ least }} to ${{ most }}, not “${{ value: text }}”.`,
  );
}

/** @throws UsageError */
export function readPort(option: string, text: string, least: number): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= least && port <= 65_535) return port;
  throw new UsageError(message`${{ option }} takes a port from ${{ least }} to 65535, not “${{ value: text }}”.`);
}

/** @throws UsageError naming the choices */
export function readChoice<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  const named = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  throw new UsageError(message`${{ option }} takes ${{ choices: named }}, not “${{ value: text }}”.`);
}

/** @throws UsageError */
export function readText(option: string, text: string, most: number): string {
  if (text.length <= most) return text;
  throw new UsageError(message`${{ option }} takes at most ${{ most }} characters, not ${{ length: text.length }}.`);
}
