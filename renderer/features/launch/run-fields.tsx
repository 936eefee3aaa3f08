import { Select, TextInput } from '@mantine/core';
import { type RuntimeName, runtimeNames } from '../../../electron/shared/kinds.ts';
import { isLauncher, launcherLabels, runtimeLabels } from '../../../electron/shared/launcher-features.ts';
import { availableRuntimes } from '../../../electron/shared/runtime-policy.ts';
import { descriptionLast, fieldLabel } from '../../components/field-label.tsx';
import { experimentalLabel, isExperimental, runtimeTitle } from '../../text/launcher.ts';
import { effectiveLauncher, otherLaunchers, possibleLaunchers } from './launch-values.ts';
import type { PlaceProps } from './where-fields.tsx';

/** How the script is started. */
export function LauncherField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const launcher = effectiveLauncher(values, recipe, cluster);
  const possible = possibleLaunchers(recipe, cluster);
  const word = (name: keyof typeof launcherLabels) =>
    isExperimental(name) ? `${launcherLabels[name]}, ${experimentalLabel}` : launcherLabels[name];
  return (
    <Select
      data-field="launcher"
      label="Launcher"
      value={values.launcher}
      onChange={(name) => set({ launcher: name !== null && isLauncher(name) ? name : '' })}
      data={[
        { value: '', label: launcher ? `Automatic: ${launcherLabels[launcher]}` : 'Automatic' },
        ...possible.map((name) => ({ value: name, label: word(name) })),
        ...otherLaunchers(recipe, cluster).map((name) => ({
          value: name,
          label: `${word(name)} (not with this recipe)`,
          disabled: true,
        })),
      ]}
      description={
        launcher !== null && isExperimental(launcher)
          ? `${launcherLabels[launcher]} is ${experimentalLabel}: it was not tested on a real cluster.`
          : undefined
      }
      inputWrapperOrder={descriptionLast}
      error={errorOf('launcher')?.message}
    />
  );
}

/** Whether it runs in a container, and in which. */
export function RuntimeFields({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const found = cluster?.facts?.runtimes ?? [];
  const word = (name: RuntimeName) => {
    const info = found.find((entry) => entry.name === name);
    return info ? runtimeTitle(info) : runtimeLabels[name];
  };
  const hint =
    values.image !== ''
      ? 'instead of the recipe’s'
      : recipe.image === ''
        ? 'the recipe names none'
        : 'the recipe’s own';
  return (
    <>
      <Select
        data-field="runtime"
        label={fieldLabel(
          'Container',
          cluster?.facts && found.length === 0 ? 'none found on the login node' : undefined,
        )}
        value={values.runtime}
        onChange={(name) => set({ runtime: runtimeNames.find((entry) => entry === name) ?? '' })}
        data={[
          { value: '', label: 'Automatic' },
          ...availableRuntimes(cluster?.facts ?? null).map((name) => ({ value: name, label: word(name) })),
        ]}
        error={errorOf('runtime')?.message}
      />
      <TextInput
        data-field="image"
        label={fieldLabel('Image', values.runtime === 'native' ? 'not used' : hint)}
        placeholder={recipe.image || '/path/on/the/cluster.sif'}
        title={values.image || recipe.image || undefined}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        disabled={values.runtime === 'native'}
        value={values.image}
        onChange={(event) => set({ image: event.currentTarget.value })}
        description="A .sif or .tar path there, or a registry name."
        inputWrapperOrder={descriptionLast}
        error={errorOf('image')?.message}
      />
    </>
  );
}
