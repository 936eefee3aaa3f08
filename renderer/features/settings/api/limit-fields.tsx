import { NumberInput } from '@mantine/core';
import { useId } from 'react';
import type { TokenLimits } from '../../../../electron/shared/tokens.ts';
import { fieldLabel } from '../../../components/field-label.tsx';
import form from '../../../components/form-grid.module.css';
import css from './api.module.css';
import { type LimitErrors, type LimitsDraft, limitNames } from './token-limits-draft.ts';

const fields: Readonly<Record<keyof TokenLimits, { title: string; per: string; suffix?: string }>> = {
  jobs: { title: 'Jobs', per: 'a day' },
  bytes: { title: 'Files', per: 'a day', suffix: ' GB' },
  cpus: { title: 'CPUs', per: 'a job' },
  gpus: { title: 'GPUs', per: 'a job' },
  hours: { title: 'Time', per: 'a job', suffix: ' h' },
};

/** What a token may use at most. */
export function LimitFields(props: {
  limits: LimitsDraft;
  errors: LimitErrors;
  onChange: (limits: LimitsDraft) => void;
  /** The first of them has the focus at first. */
  isFirst?: boolean;
}) {
  const { limits, errors, onChange, isFirst = false } = props;
  const noteId = useId();
  const areJobsChecked = [limits.cpus, limits.gpus, limits.hours].some((value) => value !== '');
  return (
    <fieldset aria-describedby={noteId}>
      <legend className={css.legend}>At most</legend>
      <div className={form.grid}>
        {limitNames.map((name) => (
          <NumberInput
            key={name}
            data-autofocus={(isFirst && name === limitNames[0]) || undefined}
            label={fieldLabel(fields[name].title, fields[name].per)}
            placeholder="No limit"
            thousandSeparator=","
            allowNegative={false}
            allowDecimal={name === 'bytes' || name === 'hours'}
            suffix={fields[name].suffix ?? ''}
            value={limits[name]}
            onChange={(value) => onChange({ ...limits, [name]: value })}
            error={errors[name]}
          />
        ))}
      </div>
      <div id={noteId} className={`${css.error} text-sm text-tertiary`}>
        A running app is a job, too, and so is each task of an array.
        {limits.hours !== '' && ' A job has to say its time.'}
        {areJobsChecked && ' Further options of the scheduler are refused, because they may ask for more.'}
      </div>
    </fieldset>
  );
}
