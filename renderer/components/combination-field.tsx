import { Autocomplete, type ComboboxItem, Select } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LauncherInfo } from '../../electron/shared/clusters.ts';
import {
  type Combination,
  type CombinedField,
  describeRefusal,
  isForGood,
  type Offer,
  offersFor,
} from '../../electron/shared/combination-policy.ts';
import { descriptionLast, fieldLabel } from './field-label.tsx';

interface Props {
  field: CombinedField;
  title: string;
  /** What else is to be known first, beside the title. */
  limit?: string;
  /** What the form says, this field included. */
  chosen: Combination;
  info: LauncherInfo | undefined;
  /** What an empty field means. */
  empty: string;
  /** Any text is taken, also where it is known what there is. */
  isOpen?: boolean;
  /** More about a value, at the end of its row and below it. */
  facts?: (value: string) => { end: string; below?: string };
  description?: string;
  disabled?: boolean;
  error: ReactNode;
  onChange: (value: string) => void;
}

function Option({ offer, label, facts, chosen }: Pick<Props, 'facts' | 'chosen'> & { offer?: Offer; label: string }) {
  const known = offer && facts?.(offer.value);
  const reason = offer?.refusal ? describeRefusal(offer.refusal, chosen) : '';
  const below = reason === '' ? known?.below : reason.charAt(0).toUpperCase() + reason.slice(1);
  return (
    <span className="column grow">
      <span className="row">
        <span className="truncate grow">{label}</span>
        {known?.end && <span className="text-sm text-tertiary tabular no-shrink">{known.end}</span>}
      </span>
      {below && <span className="text-sm text-tertiary">{below}</span>}
    </span>
  );
}

/** What is chosen already must not hide what else there is. */
const matching = (search: string, offers: readonly Offer[]) => (option: ComboboxItem) =>
  offers.some(({ value }) => value === search) || option.value.toLowerCase().includes(search.trim().toLowerCase());

/** The mark of a value that nothing is known of. */
function unknownNote({ info, field }: Props, offers: readonly Offer[], value: string): string | undefined {
  if (value === '' || !info || offers.length === 0 || offers.some((offer) => offer.value === value)) return undefined;
  return `Not among the ${field === 'qos' ? 'qualities of service' : `${field}s`} found here. The scheduler decides.`;
}

/** A field whose values go only with some values of others: what does not is there with the reason, and cannot be chosen. */
export function CombinationField(props: Props) {
  const { field, title, limit, chosen, info, empty, isOpen = false, facts, description, onChange } = props;
  const value = chosen[field];
  const offers = info ? offersFor(info, chosen, field) : [];
  const byValue = new Map(offers.map((offer) => [offer.value, offer]));
  const listed = offers.map(({ value: name, refusal }) => ({ value: name, label: name, disabled: isForGood(refusal) }));
  const shared = {
    'data-field': field,
    label: fieldLabel(title, limit ?? (info && offers.length === 0 ? 'not known here, any text' : undefined)),
    disabled: props.disabled,
    error: props.error,
    inputWrapperOrder: descriptionLast,
    renderOption: ({ option }: { option: { value: string; label?: string } }) => (
      <Option offer={byValue.get(option.value)} label={option.label ?? option.value} facts={facts} chosen={chosen} />
    ),
  };
  if (isOpen || offers.length === 0) {
    return (
      <Autocomplete
        {...shared}
        placeholder={empty}
        maxLength={200}
        spellCheck={false}
        data={listed}
        value={value}
        description={unknownNote(props, offers, value) ?? description}
        filter={({ options, search }) =>
          options.filter((option) => 'value' in option && matching(search, offers)(option))
        }
        onChange={(next) => onChange(next.trim())}
      />
    );
  }
  const other = value === '' || byValue.has(value) ? [] : [{ value, label: value }];
  return (
    <Select
      {...shared}
      data={[{ value: '', label: empty }, ...listed, ...other]}
      value={value}
      description={description}
      onChange={(next) => onChange(next ?? '')}
    />
  );
}
