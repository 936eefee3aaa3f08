import { Select, TextInput } from '@mantine/core';
import { launcherNames } from '../../../electron/shared/kinds.ts';
import { isLauncher, launcherLabels } from '../../../electron/shared/launcher-features.ts';
import form from '../../components/form-grid.module.css';
import { experimentalLabel, isExperimental } from '../../text/launcher.ts';
import { AdvancedFields } from './cluster-advanced-fields.tsx';
import type { ClusterFieldProps } from './cluster-form-model.ts';
import { JumpHosts } from './jump-hosts-field.tsx';
import { LoginFields } from './login-fields.tsx';
import { Methods } from './methods-field.tsx';

/** Every scheduler that can be chosen; the login node is last because it has none. */
const schedulerOptions = [
  { value: 'auto', label: 'Detect automatically' },
  ...launcherNames
    .filter((name) => name !== 'login')
    .map((name) => ({
      value: name,
      label: isExperimental(name) ? `${launcherLabels[name]}, ${experimentalLabel}` : launcherLabels[name],
    })),
  { value: 'login', label: 'None: run on the login node' },
];

export function ClusterFields(props: ClusterFieldProps) {
  const { draft, set, errorOf } = props;
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
        data={schedulerOptions}
      />
      <LoginFields {...props} />
      <JumpHosts {...props} />
      <Methods {...props} />
      <AdvancedFields {...props} />
    </div>
  );
}
