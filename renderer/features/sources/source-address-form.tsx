import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { fieldLabel } from '../../components/field-label.tsx';
import css from './source-dialog.module.css';

/** The fields for the address of a new repository. */
export function SourceAddressForm(props: {
  isChecking: boolean;
  onChange: () => void;
  onCheck: (url: string, ref: string) => void;
}) {
  const [url, setUrl] = useState('');
  const [ref, setRef] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url.trim() !== '') props.onCheck(url.trim(), ref.trim());
  };
  // A review of another address must not be shown any more.
  const change = (set: (text: string) => void) => (text: string) => {
    props.onChange();
    set(text);
  };
  return (
    <form className={`${css.address} row gap-12 align-start`} onSubmit={submit}>
      <TextInput
        data-autofocus
        className="grow"
        label={fieldLabel('Address', 'https, ssh or file://')}
        placeholder="https://example.org/recipes.git"
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={url}
        onChange={(event) => change(setUrl)(event.currentTarget.value)}
      />
      <TextInput
        label={fieldLabel('Branch or tag', 'optional')}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        value={ref}
        onChange={(event) => change(setRef)(event.currentTarget.value)}
      />
      <Button type="submit" mt={22} disabled={url.trim() === ''} loading={props.isChecking}>
        Check
      </Button>
    </form>
  );
}
