import { NumberInput, TextInput } from '@mantine/core';
import form from '../../components/form-grid.module.css';
import css from './cluster-fields.module.css';
import { type ClusterFieldProps, plainText } from './cluster-form-model.ts';

/** The address of the login node and the user there. */
export function LoginFields({ draft, set, errorOf, fixed }: ClusterFieldProps) {
  return (
    <div className={`${form.full} ${css.jump} ${css.login}`}>
      <TextInput
        {...plainText}
        data-field="host"
        label="Login node"
        placeholder="login.cluster.example"
        classNames={{ input: 'mono' }}
        disabled={fixed}
        value={draft.host}
        onChange={(event) => set({ host: event.currentTarget.value })}
        error={errorOf('host')}
      />
      <NumberInput
        data-field="port"
        label="Port"
        disabled={fixed}
        value={draft.port}
        onChange={(port) => set({ port })}
        error={errorOf('port')}
      />
      <TextInput
        {...plainText}
        data-field="user"
        label="User"
        disabled={fixed}
        value={draft.user}
        onChange={(event) => set({ user: event.currentTarget.value })}
        error={errorOf('user')}
      />
    </div>
  );
}
