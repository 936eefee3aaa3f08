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

const units = { min: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `90min`, `12h`, `7d` or `2w` as ms; null: it is none of these. */
export function readDuration(text: string): number | null {
  const [, count, unit] = /^(\d+)(min|h|d|w)$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * units[unit as keyof typeof units];
}

/** A date with or without a time, in the time zone of this computer, as epoch ms; null: it is none. */
export function readDate(text: string): number | null {
  // A date alone is otherwise read as UTC.
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text.length === 10 ? `${text}T00:00` : text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** A duration from now, or a date, which is in the future. @throws UsageError */
export function readEnd(option: string, text: string, now: number): number {
  const duration = readDuration(text);
  const time = duration === null ? readDate(text) : now + duration;
  if (time !== null && time > now) return time;
  throw new UsageError(message`${{ option }} takes a time to come, e.g. 12h, 30d or a date, not “${{ value: text }}”.`);
}
