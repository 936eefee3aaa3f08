import { Checkbox, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RecipeArg } from '../../../electron/shared/recipes.ts';
import type { ArgValue, LaunchValues } from './launch-values.ts';
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

function limits(arg: RecipeArg): string {
  if (arg.min !== undefined && arg.max !== undefined) return `${arg.min} to ${arg.max}`;
  if (arg.max !== undefined) return `up to ${arg.max}`;
  if (arg.min !== undefined) return `${arg.min} or more`;
  if (arg.split) return `several, with ${arg.split === ' ' ? 'a space' : arg.split} between`;
  return arg.required ? 'needed' : '';
}

export function ArgField({ arg, values, set, errorOf }: FieldProps & { arg: RecipeArg }) {
  const field = `args.${arg.name}`;
  const value = values.args[arg.name] ?? '';
  const change = (next: ArgValue) => set({ args: { ...values.args, [arg.name]: next } });
  const title = arg.title ?? arg.name;
  const hint = [arg.description, arg.help].filter(Boolean).join(' ');
  const common = {
    'data-field': field,
    label: label(title, limits(arg)),
    description: hint || undefined,
    error: errorOf(field)?.message,
    required: arg.required,
    withAsterisk: false,
    inputWrapperOrder: ['label' as const, 'input' as const, 'error' as const, 'description' as const],
  };
  switch (arg.type) {
    case 'boolean':
      return (
        <Checkbox
          data-field={field}
          label={title}
          description={hint || undefined}
          checked={value === true}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          hideControls
          value={typeof value === 'boolean' ? '' : value}
          onChange={(next) => change(next)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          value={String(value)}
          allowDeselect={!arg.required}
          data={(arg.choices ?? []).map((choice) =>
            typeof choice === 'string' ? choice : { value: choice.value, label: choice.label ?? choice.value },
          )}
          onChange={(next) => change(next ?? '')}
        />
      );
    case 'secret':
      return (
        <PasswordInput
          {...common}
          label={label(title, 'never kept')}
          value={String(value)}
          autoComplete="off"
          onChange={(event) => change(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          value={String(value)}
          spellCheck={false}
          classNames={arg.type === 'path' ? { input: 'mono' } : undefined}
          onChange={(event) => change(event.currentTarget.value)}
        />
      );
  }
}
