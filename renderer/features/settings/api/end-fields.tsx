import { Select, TextInput } from '@mantine/core';
import { descriptionLast } from '../../../components/field-label.tsx';
import form from '../../../components/form-grid.module.css';
import { type EndDraft, type Lifetime, lifetimes } from './token-form-model.ts';
import { formatDate } from './token-text.ts';

const labels: Readonly<Record<Lifetime, string>> = {
  '7': 'In 7 days',
  '30': 'In 30 days',
  '90': 'In 90 days',
  '365': 'In a year',
  date: 'On a day',
  never: 'Never',
};

interface EndFieldsProps {
  draft: EndDraft;
  error: string | undefined;
  onChange: (changes: Partial<EndDraft>) => void;
  /** What the end is now, where it may stay so. */
  kept?: string;
}

/** When a token ends. */
export function EndFields({ draft, error, onChange, kept }: EndFieldsProps) {
  const now = Date.now();
  const days = Number(draft.lifetime);
  const end = Number.isNaN(days) ? undefined : formatDate(now + days * 86_400_000, now);
  return (
    <div className={form.grid}>
      <Select
        label="Expires"
        inputWrapperOrder={descriptionLast}
        description={draft.lifetime === 'never' ? 'Until you revoke it. A token that ends by itself is safer.' : end}
        value={draft.lifetime}
        data={[
          ...(kept === undefined ? [] : [{ value: 'keep', label: `As it is: ${kept}` }]),
          ...lifetimes.map((value) => ({ value, label: labels[value] })),
        ]}
        onChange={(value) =>
          onChange({ lifetime: value === 'keep' ? value : (lifetimes.find((each) => each === value) ?? '30') })
        }
      />
      {draft.lifetime === 'date' && (
        <TextInput
          type="date"
          label="Day"
          inputWrapperOrder={descriptionLast}
          description="To its end"
          value={draft.date}
          onChange={(event) => onChange({ date: event.currentTarget.value })}
          error={error}
        />
      )}
    </div>
  );
}
