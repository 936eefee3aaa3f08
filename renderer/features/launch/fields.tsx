import type { ReactNode } from 'react';
import type { LaunchValues } from './launch-values.ts';
import type { FieldError } from './validate-launch.ts';

/** What every group of fields is given. */
export interface FieldProps {
  values: LaunchValues;
  set: (changes: Partial<LaunchValues>) => void;
  /** The mistake to show for a field, if it is time to show it. */
  errorOf: (field: string) => FieldError | undefined;
}

/** A label with its limit at the end side. */
export function label(text: string, limit?: ReactNode): ReactNode {
  return limit ? (
    <>
      {text}
      <span className="lim">{limit}</span>
    </>
  ) : (
    text
  );
}

export function errorText(error: FieldError | undefined, use?: (queue: string) => void): ReactNode {
  if (!error) return undefined;
  const { message, queue } = error;
  if (!queue || !use) return message;
  const words = `use queue ${queue}`;
  const at = message.lastIndexOf(words);
  if (at < 0) return message;
  return (
    <>
      {message.slice(0, at)}
      <button
        type="button"
        className="link inline-link"
        style={{ color: 'inherit', textDecoration: 'underline' }}
        onClick={() => use(queue)}
      >
        {words}
      </button>
      {message.slice(at + words.length)}
    </>
  );
}

export const toNumber = (value: string | number): number | null => {
  if (value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};
