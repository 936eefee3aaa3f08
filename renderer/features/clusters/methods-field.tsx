import { ActionIcon, Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { stroke } from '../../components/icons.tsx';
import surface from '../../components/surface.module.css';
import { type ClusterFieldProps, methodLabels, methodRows, moveMethod } from './cluster-form-model.ts';
import css from './methods-field.module.css';

/** Ways to sign in, in the order in which they are tried. */
export function Methods({ draft, set, errorOf, fixed }: ClusterFieldProps) {
  const rows = methodRows(draft.methods);
  return (
    <fieldset className={form.full} disabled={fixed}>
      <legend className="mantine-InputWrapper-label">{fieldLabel('Sign in with', 'tried from the top')}</legend>
      <ul className={`${surface.well} ${css.methods}`}>
        {rows.map(({ method, on }, index) => (
          <li key={method} className="row">
            <Checkbox
              className="grow"
              data-field={index === 0 ? 'methods' : undefined}
              checked={on}
              disabled={fixed}
              label={
                <>
                  {methodLabels[method].name} <span className="text-sm text-tertiary">{methodLabels[method].hint}</span>
                </>
              }
              onChange={(event) =>
                set({
                  methods: event.currentTarget.checked
                    ? [...draft.methods, method]
                    : draft.methods.filter((entry) => entry !== method),
                })
              }
            />
            <ActionIcon
              size={24}
              aria-label={`Try ${methodLabels[method].name} earlier`}
              disabled={fixed || !on || index === 0}
              onClick={() => set({ methods: moveMethod(draft.methods, method, -1) })}
            >
              <IconArrowUp size={14} stroke={stroke} aria-hidden />
            </ActionIcon>
            <ActionIcon
              size={24}
              aria-label={`Try ${methodLabels[method].name} later`}
              disabled={fixed || !on || index >= draft.methods.length - 1}
              onClick={() => set({ methods: moveMethod(draft.methods, method, 1) })}
            >
              <IconArrowDown size={14} stroke={stroke} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {errorOf('methods') && <p className="mantine-InputWrapper-error tone-bad">{errorOf('methods')}</p>}
    </fieldset>
  );
}
