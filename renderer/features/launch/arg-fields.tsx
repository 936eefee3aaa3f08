import { Checkbox, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { type ArgValue, formFields, given } from '../../../electron/shared/form-policy.ts';
import type { ChoiceSource, RecipeArg, RecipeSummary } from '../../../electron/shared/recipes.ts';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { ChoiceField } from './choice-field.tsx';
import type { FieldProps } from './fields.tsx';
import { effectiveLauncher } from './launch-values.ts';
import { BrowseButton } from './path-field.tsx';

function limits(arg: RecipeArg): string {
  if (arg.min !== undefined && arg.max !== undefined) return `${arg.min} to ${arg.max}`;
  if (arg.max !== undefined) return `up to ${arg.max}`;
  if (arg.min !== undefined) return `${arg.min} or more`;
  if (arg.split) return `several, separated by ${arg.split === ' ' ? 'spaces' : arg.split}`;
  return arg.required ? 'required' : '';
}

type Props = FieldProps & { recipe: RecipeSummary; cluster: ClusterState | undefined };

type Controls = ReturnType<typeof argControls>;

/** What every kind of field of an argument has. */
function argControls({ arg, cluster, values, set, errorOf }: Props & { arg: RecipeArg }) {
  const field = `args.${arg.name}`;
  const value = given(values.args, arg.name) ?? '';
  const change = (next: ArgValue) => set({ args: { ...values.args, [arg.name]: next } });
  const title = arg.title ?? arg.name;
  const hint = [arg.description, arg.help].filter(Boolean).join(' ');
  const error = errorOf(field)?.message;
  const input = {
    'data-field': field,
    label: fieldLabel(title, limits(arg)),
    description: hint || undefined,
    error,
    required: arg.required,
    withAsterisk: false,
    inputWrapperOrder: ['label' as const, 'input' as const, 'error' as const, 'description' as const],
  };
  const browse =
    arg.type === 'path' && !arg.split ? (
      <BrowseButton title={title} pick={arg.pick} cluster={cluster} value={String(value)} onPick={change} />
    ) : undefined;
  return { arg, field, value, change, title, hint, error, input, browse };
}

/** A field whose choices the cluster has. */
function ClusterChoice({ from, recipe, cluster, values, ...controls }: Controls & Props & { from: ChoiceSource }) {
  const { arg, field, title, hint, error, value, change, browse } = controls;
  return (
    <ChoiceField
      field={field}
      from={from}
      title={title}
      hint={hint}
      split={arg.split}
      required={arg.required === true}
      error={error}
      value={String(value)}
      cluster={cluster}
      launcher={effectiveLauncher(values, recipe, cluster)}
      mono={arg.type === 'path'}
      end={browse}
      onChange={change}
    />
  );
}

function ChoiceSelect({ arg, value, change, input }: Controls) {
  const choices = (arg.choices ?? []).map((choice) =>
    typeof choice === 'string'
      ? { value: choice, label: choice }
      : { value: choice.value, label: choice.label ?? choice.value },
  );
  const isGone = value !== '' && !choices.some((choice) => choice.value === String(value));
  return (
    <Select
      {...input}
      value={value === '' ? null : String(value)}
      // Choosing again what is chosen must not empty a field that has a default.
      allowDeselect={!arg.required && arg.default === undefined}
      // What another field's value took away stays readable until another is chosen.
      data={isGone ? [...choices, { value: String(value), label: String(value), disabled: true }] : choices}
      onChange={(next) => change(next ?? '')}
    />
  );
}

function ArgField(props: Props & { arg: RecipeArg }) {
  const controls = argControls(props);
  const { arg, field, value, change, title, hint, error, input, browse } = controls;
  if (arg.from) return <ClusterChoice {...props} {...controls} from={arg.from} />;
  switch (arg.type) {
    case 'boolean':
      return (
        <Checkbox
          data-field={field}
          label={title}
          description={hint || undefined}
          error={error}
          checked={value === true}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      );
    case 'number':
      return <NumberInput {...input} value={typeof value === 'boolean' ? '' : value} onChange={change} />;
    case 'choice':
      return <ChoiceSelect {...controls} />;
    case 'secret':
      return (
        <PasswordInput
          {...input}
          label={fieldLabel(title, 'never kept')}
          value={String(value)}
          autoComplete="off"
          onChange={(event) => change(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...input}
          value={String(value)}
          spellCheck={false}
          classNames={arg.type === 'path' ? { input: 'mono' } : undefined}
          rightSection={browse}
          rightSectionWidth={browse ? 76 : undefined}
          onChange={(event) => change(event.currentTarget.value)}
        />
      );
  }
}

/** Announces which fields the last change of another one added and removed. */
function useFieldChanges(shown: RecipeArg[], recipe: RecipeSummary): string {
  const last = useRef<ReadonlySet<string> | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const names = shown.map((arg) => arg.name).join('\n');
  useEffect(() => {
    const now = new Set(names.split('\n').filter(Boolean));
    const before = last.current;
    last.current = now;
    if (before === null) return;
    const titles = (list: string[]) =>
      list.map((name) => recipe.args.find((arg) => arg.name === name)?.title ?? name).join(', ');
    const added = [...now].filter((name) => !before.has(name));
    const removed = [...before].filter((name) => !now.has(name));
    if (added.length + removed.length === 0) return;
    setAnnouncement(
      [added.length > 0 && `New fields: ${titles(added)}.`, removed.length > 0 && `Removed fields: ${titles(removed)}.`]
        .filter(Boolean)
        .join(' '),
    );
  }, [names, recipe]);
  return announcement;
}

function Group(props: Props & { title: string; hint?: string; shown: RecipeArg[] }) {
  const { title, hint, shown, ...rest } = props;
  const id = useId();
  if (shown.length === 0) return null;
  return (
    <section className={form.grid} aria-label={title} aria-describedby={hint && id}>
      <h2>{title}</h2>
      {hint && (
        <p id={id} className={`${form.full} hint`}>
          {hint}
        </p>
      )}
      {shown.map((arg) => (
        <ArgField key={arg.name} arg={arg} {...rest} />
      ))}
    </section>
  );
}

/** The recipe's own fields, as many as are asked for with the values so far. What was typed into the others is kept. */
export function ArgFields(props: Props) {
  const { recipe, values } = props;
  const shown = formFields(recipe.args, values.args);
  const announcement = useFieldChanges(shown, recipe);
  if (recipe.args.length === 0) return null;
  return (
    <>
      <Group {...props} title="Options" shown={shown.filter((arg) => !arg.undeclared)} />
      <Group
        {...props}
        title="Found in the script"
        hint="The script uses these values, but its recipe does not describe them. Leave those you do not need empty."
        // One sentence above them says it for all.
        shown={shown.filter((arg) => arg.undeclared).map((arg) => ({ ...arg, description: '' }))}
      />
      <div className="visually-hidden" role="status">
        {announcement}
      </div>
    </>
  );
}
