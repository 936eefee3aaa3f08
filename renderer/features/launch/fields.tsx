import type { ReactNode } from 'react';
import type { FieldError } from '../../../electron/shared/launch-problems.ts';
import { LinkButton } from '../../components/link-button.tsx';
import type { LaunchValues } from './launch-values.ts';

/** What every group of fields is given. */
export interface FieldProps {
  values: LaunchValues;
  set: (changes: Partial<LaunchValues>) => void;
  /** The mistake to show for a field, if it is time to show it. */
  errorOf: (field: string) => FieldError | undefined;
}

export function errorText(error: FieldError | undefined, use: (queue: string) => void): ReactNode {
  if (error?.queue === undefined) return error?.message;
  const { lead, queue } = error;
  return (
    <>
      {lead}
      <LinkButton inline style={{ color: 'inherit', textDecoration: 'underline' }} onClick={() => use(queue)}>
        use queue {queue}
      </LinkButton>
      .
    </>
  );
}

export const toNumber = (value: string | number): number | null => {
  if (value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};
