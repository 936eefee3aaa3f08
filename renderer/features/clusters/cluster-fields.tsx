import { NumberInput, Select, TextInput } from '@mantine/core';
import { launcherNames } from '../../../electron/shared/kinds.ts';
import { isLauncher, launcherLabels } from '../../../electron/shared/launcher-features.ts';
import form from '../../components/form-grid.module.css';
import { experimentalLabel, isExperimental } from '../../text/launcher.ts';
import { AdvancedFields } from './cluster-advanced-fields.tsx';
import css from './cluster-fields.module.css';
import { type ClusterFieldProps, plainText } from './cluster-form-model.ts';
import { JumpHosts } from './jump-hosts-field.tsx';
import { Methods } from './methods-field.tsx';

export function ClusterFields(props: ClusterFieldProps) {
  const { draft, set, errorOf, fixed } = props;
  return (
    <div className={form.grid}>
      <TextInput
        data-field="name"
        data-autofocus
        label="Name"
        placeholder="My cluster"
        value={draft.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={errorOf('name')}
      />
      <Select
        label="Scheduler"
        value={draft.defaults.launcher}
        onChange={(launcher) =>
          set({
            defaults: { ...draft.defaults, launcher: launcher !== null && isLauncher(launcher) ? launcher : 'auto' },
          })
        }
        data={[
          { value: 'auto', label: 'Detect automatically' },
          ...launcherNames
            .filter((name) => name !== 'login')
            .map((name) => ({
              value: name,
              label: isExperimental(name) ? `${launcherLabels[name]}, ${experimentalLabel}` : launcherLabels[name],
            })),
          { value: 'login', label: 'None: run on the login node' },
        ]}
      />
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
          hideControls
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
      <JumpHosts {...props} />
      <Methods {...props} />
      <AdvancedFields {...props} />
    </div>
  );
}
