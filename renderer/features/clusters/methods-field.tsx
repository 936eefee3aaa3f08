import { ActionIcon, Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { stroke } from '../../components/parts.tsx';
import { label } from '../launch/fields.tsx';
import type { ClusterFieldProps } from './cluster-fields.tsx';
import { methodRows, methodWords, moveMethod } from './cluster-form-model.ts';

/** Ways to sign in, in the order in which they are tried. */
export function Methods({ draft, set, errorOf, fixed }: ClusterFieldProps) {
  const rows = methodRows(draft.methods);
  return (
    <fieldset className="full plain" disabled={fixed}>
      <legend className="mantine-InputWrapper-label">{label('Sign in with', 'tried from the top')}</legend>
      <ul className="well methods">
        {rows.map(({ method, on }, index) => (
          <li key={method} className="row">
            <Checkbox
              className="grow"
              data-field={index === 0 ? 'methods' : undefined}
              checked={on}
              disabled={fixed}
              label={
                <>
                  {methodWords[method].name} <span className="s dimmer">{methodWords[method].hint}</span>
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
              aria-label={`Try ${methodWords[method].name} earlier`}
              disabled={fixed || !on || index === 0}
              onClick={() => set({ methods: moveMethod(draft.methods, method, -1) })}
            >
              <IconArrowUp size={14} stroke={stroke} aria-hidden />
            </ActionIcon>
            <ActionIcon
              size={24}
              aria-label={`Try ${methodWords[method].name} later`}
              disabled={fixed || !on || index >= draft.methods.length - 1}
              onClick={() => set({ methods: moveMethod(draft.methods, method, 1) })}
            >
              <IconArrowDown size={14} stroke={stroke} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {errorOf('methods') && <p className="mantine-InputWrapper-error t-bad">{errorOf('methods')}</p>}
    </fieldset>
  );
}
