import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { invoke } from '../../bridge.ts';

interface Preview {
  script: string;
  submit: string;
  launcher: string;
  error: AppError | null;
  loading: boolean;
}

const pause = 300;

/** The script for the values as they are, a moment after the last key; an older answer never replaces a newer one. */
export function usePreview(input: LaunchInput | null): Preview {
  const [preview, setPreview] = useState<Preview>({ script: '', submit: '', launcher: '', error: null, loading: true });
  const [wanted] = useDebouncedValue(input === null ? '' : JSON.stringify(input), pause);
  useEffect(() => {
    if (wanted === '') return;
    let stale = false;
    setPreview((last) => ({ ...last, loading: true }));
    invoke('recipes.preview', JSON.parse(wanted) as LaunchInput).then(
      (answer) => !stale && setPreview({ ...answer, error: null, loading: false }),
      (error) => !stale && setPreview((last) => ({ ...last, error: AppError.from(error), loading: false })),
    );
    return () => {
      stale = true;
    };
  }, [wanted]);
  return preview;
}
