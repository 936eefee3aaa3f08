import { Autocomplete, Loader, TagsInput } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { FormChoice } from '../../../electron/shared/form-choices.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import type { ChoiceSource } from '../../../electron/shared/recipes.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { fieldLabel } from '../../components/field-label.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import css from './choice-field.module.css';
import { type Choices, useChoices } from './use-choices.ts';

/** Options to draw at once; typing finds the others. */
const OPTIONS_LIMIT = 100;

function describeLimit(choices: Choices, name: string): string {
  if (choices.state === 'loading') return `loading from ${name}`;
  if (choices.state !== 'ready') return '';
  return `${choices.list.length || 'none'} found on ${name}`;
}

function Status({ choices, cluster }: { choices: Choices; cluster: ClusterState }) {
  const { name, id } = cluster.cluster;
  if (choices.state === 'offline') {
    return (
      <p className="hint">
        Type one, or{' '}
        <LinkButton inline onClick={() => attempt(`${name} was not connected`, invoke('clusters.connect', { id }))}>
          connect to {name}
        </LinkButton>{' '}
        to choose.
      </p>
    );
  }
  if (!choices.error) return null;
  return (
    <p className="hint" role="status">
      <span className="tone-bad">{choices.error.message}</span>{' '}
      <LinkButton inline onClick={choices.retry}>
        Try again
      </LinkButton>
    </p>
  );
}

interface ChoiceFieldProps {
  field: string;
  from: ChoiceSource;
  title: string;
  hint: string;
  split: string | null | undefined;
  required: boolean;
  error: string | undefined;
  value: string;
  cluster: ClusterState | undefined;
  launcher: LauncherName | null;
  mono?: boolean;
  end?: ReactNode;
  onChange: (value: string) => void;
}

function Option({ value, choice }: { value: string; choice: FormChoice | undefined }) {
  return (
    <span className={`${css.choice} column grow`}>
      <span className="truncate">{choice?.label ?? value}</span>
      {choice?.detail && (
        <span className="text-sm text-tertiary truncate" title={choice.detail}>
          {choice.detail}
        </span>
      )}
    </span>
  );
}

type OptionsFilter = NonNullable<ComponentProps<typeof Autocomplete>['filter']>;

/** What is chosen already must not hide what else there is. */
const filterOptions =
  (byValue: Map<string, FormChoice>): OptionsFilter =>
  ({ options, search, limit }) =>
    options
      .filter(
        (option) =>
          'value' in option &&
          (byValue.has(search) || option.value.toLowerCase().includes(search.trim().toLowerCase())),
      )
      .slice(0, limit);

/** What a field for one value and a field for several have in common. */
function inputProps(props: ChoiceFieldProps, choices: Choices, byValue: Map<string, FormChoice>) {
  const { cluster } = props;
  return {
    'data-field': props.field,
    label: fieldLabel(props.title, cluster && describeLimit(choices, cluster.cluster.name)),
    description: props.hint || undefined,
    error: props.error,
    required: props.required,
    withAsterisk: false,
    inputWrapperOrder: ['label' as const, 'input' as const, 'error' as const, 'description' as const],
    spellCheck: false,
    classNames: props.mono ? { input: 'mono' } : undefined,
    data: [...byValue.keys()],
    limit: OPTIONS_LIMIT,
    // The scroll area makes rows as wide as their longest path.
    withScrollArea: false,
    styles: { dropdown: { maxHeight: 240, overflowY: 'auto' as const } },
    renderOption: ({ option }: { option: { value: string } }) => (
      <Option value={option.value} choice={byValue.get(option.value)} />
    ),
  };
}

/** A text that may be typed, or chosen from what the cluster has. With `split` several, kept as one text. */
export function ChoiceField(props: ChoiceFieldProps) {
  const { from, cluster, split, value, onChange } = props;
  const choices = useChoices(from, cluster, props.launcher);
  const byValue = new Map(choices.list.map((choice): [string, FormChoice] => [choice.value, choice]));
  const loading = choices.state === 'loading' ? <Loader size={14} aria-hidden /> : undefined;
  const common = inputProps(props, choices, byValue);
  return (
    <div>
      {split ? (
        <TagsInput
          {...common}
          rightSection={loading}
          splitChars={[split]}
          value={value.split(split).filter((one) => one.trim() !== '')}
          onChange={(next) => onChange(next.join(split))}
        />
      ) : (
        <Autocomplete
          {...common}
          rightSection={props.end ?? loading}
          rightSectionWidth={props.end ? 76 : undefined}
          rightSectionPointerEvents={props.end ? 'all' : 'none'}
          value={value}
          onChange={onChange}
          filter={filterOptions(byValue)}
        />
      )}
      {cluster && <Status choices={choices} cluster={cluster} />}
    </div>
  );
}
