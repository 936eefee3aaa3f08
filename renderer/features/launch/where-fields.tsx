import { Select, TextInput } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ClusterState, Queue } from '../../../electron/shared/clusters.ts';
import { type RuntimeName, runtimeNames } from '../../../electron/shared/kinds.ts';
import {
  isLauncher,
  launcherFeatures,
  launcherLabels,
  runtimeLabels,
} from '../../../electron/shared/launcher-features.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { availableRuntimes } from '../../../electron/shared/runtime-policy.ts';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { connectionLook, stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { SiteDocs } from '../../components/site-docs.tsx';
import { useStore } from '../../store.ts';
import { connectionLabels } from '../../text/cluster.ts';
import { experimentalLabel, isExperimental, runtimeTitle } from '../../text/launcher.ts';
import { length } from '../../text/time.ts';
import { ConnectHint } from './connect-hint.tsx';
import type { FieldProps } from './fields.tsx';
import { defaultResources, effectiveLauncher, otherLaunchers, possibleLaunchers, queuesOf } from './launch-values.ts';

/** A choice is worth showing where the recipe has a container, or an image can be given on a cluster that runs them. */
const showsRuntime = (recipe: RecipeSummary, cluster: ClusterState | undefined): boolean =>
  recipe.image !== '' || (cluster?.facts?.runtimes.length ?? 0) > 0;

export type PlaceProps = FieldProps & { recipe: RecipeSummary; cluster: ClusterState | undefined };

const after: ('label' | 'input' | 'error' | 'description')[] = ['label', 'input', 'error', 'description'];

function SiteMessage({ cluster }: { cluster: ClusterState | undefined }) {
  const site = cluster?.cluster.site;
  if (!site || (site.message === '' && !site.docs)) return null;
  return (
    <div className={form.full}>
      <Note tone="go" icon={IconInfoCircle} action={<SiteDocs site={site} />}>
        <strong className="bold">{site.site}.</strong> {site.message}
      </Note>
    </div>
  );
}

function LauncherField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
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
      inputWrapperOrder={after}
      error={errorOf('launcher')?.message}
    />
  );
}

function queueFacts(queue: Queue): string {
  return [
    queue.cpusFree === null || queue.cpusTotal === null
      ? queue.state
      : `${queue.cpusFree} of ${queue.cpusTotal} cores free`,
    queue.maxSeconds === null ? '' : `up to ${length(Math.floor(queue.maxSeconds / 60))}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function QueueOption({ name, queue }: { name: string; queue: Queue | undefined }) {
  return (
    <span className="column grow">
      <span className="row">
        <span className="truncate grow">{name}</span>
        {queue && <span className="text-sm text-tertiary tabular no-shrink">{queueFacts(queue)}</span>}
      </span>
      {queue?.description && <span className="text-sm text-tertiary">{queue.description}</span>}
    </span>
  );
}

function QueueField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const queues = queuesOf(cluster, effectiveLauncher(values, recipe, cluster));
  const find = (name: string) => queues.find((queue) => queue.name === name);
  const usual = defaultResources(values, recipe, cluster).queue;
  const unlisted = values.queue !== '' && !find(values.queue) ? [values.queue] : [];
  return (
    <div className={form.full}>
      <Select
        data-field="queue"
        label="Queue"
        value={values.queue}
        onChange={(queue) => set({ queue: queue ?? '' })}
        data={[
          { value: '', label: usual === '' ? 'The cluster’s default' : `Default: ${usual}` },
          ...[...queues.map((queue) => queue.name), ...unlisted].map((name) => ({ value: name, label: name })),
        ]}
        renderOption={({ option }) => <QueueOption name={option.label} queue={find(option.value)} />}
        description={find(values.queue)?.description || undefined}
        inputWrapperOrder={after}
        error={errorOf('queue')?.message}
      />
      {queues.length === 0 && <ConnectHint cluster={cluster} what="queues" />}
    </div>
  );
}

function RuntimeFields({ recipe, cluster, values, set, errorOf }: PlaceProps) {
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
        inputWrapperOrder={after}
        error={errorOf('image')?.message}
      />
    </>
  );
}

export function WhereFields(props: PlaceProps & { onCluster: (id: string) => void }) {
  const { recipe, cluster, values, errorOf, onCluster } = props;
  const clusters = useStore((state) => state.clusters);
  const launcher = effectiveLauncher(values, recipe, cluster);
  const state = cluster?.connection.state;
  return (
    <section className={form.grid} aria-label="Where">
      <h2>Where</h2>
      <SiteMessage cluster={cluster} />
      <Select
        data-field="clusterId"
        label={fieldLabel('Cluster', state && connectionLabels[state])}
        placeholder="Choose a cluster"
        value={values.clusterId || null}
        onChange={(id) => id && onCluster(id)}
        data={clusters.map((entry) => ({ value: entry.cluster.id, label: entry.cluster.name }))}
        renderOption={({ option }) => {
          const entry = clusters.find((item) => item.cluster.id === option.value);
          const look = connectionLook[entry?.connection.state ?? 'disconnected'];
          return (
            <span className="row grow">
              <look.icon size={16} stroke={stroke} className={`tone-${look.tone} no-shrink`} aria-hidden />
              <span className="truncate grow">{option.label}</span>
              <span className="text-sm text-tertiary">
                {connectionLabels[entry?.connection.state ?? 'disconnected']}
              </span>
            </span>
          );
        }}
        error={errorOf('clusterId')?.message}
      />
      <LauncherField {...props} />
      {launcher !== null && launcherFeatures[launcher]?.queues && <QueueField {...props} />}
      {showsRuntime(recipe, cluster) && <RuntimeFields {...props} />}
    </section>
  );
}
