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
import { connectionLook } from '../../components/icons.tsx';
import { Note } from '../../components/parts.tsx';
import { SiteDocs } from '../../components/site-docs.tsx';
import { useStore } from '../../store.ts';
import { connectionWords } from '../../words/cluster.ts';
import { isUnproven, runtimeTitle, unprovenWords } from '../../words/launcher.ts';
import { length } from '../../words/time.ts';
import { type FieldProps, label } from './fields.tsx';
import { effectiveLauncher, otherLaunchers, possibleLaunchers, queuesOf } from './launch-values.ts';
import { possibleRuntimes, showsRuntime } from './runtime-choice.ts';

export type PlaceProps = FieldProps & { recipe: RecipeSummary; cluster: ClusterState | undefined };

const after: ('label' | 'input' | 'error' | 'description')[] = ['label', 'input', 'error', 'description'];

function SiteMessage({ cluster }: { cluster: ClusterState | undefined }) {
  const site = cluster?.cluster.site;
  if (!site || (site.message === '' && !site.docs)) return null;
  return (
    <div className="full">
      <Note tone="go" icon={IconInfoCircle} action={<SiteDocs site={site} />}>
        <strong className="b">{site.site}.</strong> {site.message}
      </Note>
    </div>
  );
}

function LauncherField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const launcher = effectiveLauncher(values, recipe, cluster);
  const possible = possibleLaunchers(recipe, cluster);
  const word = (name: keyof typeof launcherLabels) =>
    isUnproven(name) ? `${launcherLabels[name]}, ${unprovenWords}` : launcherLabels[name];
  return (
    <Select
      data-field="launcher"
      label={label('Launcher', cluster && !cluster.facts ? 'not read yet' : undefined)}
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
        launcher !== null && isUnproven(launcher)
          ? `${launcherLabels[launcher]} is written from its manual and ${unprovenWords}.`
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
      : `${queue.cpusFree} of ${queue.cpusTotal} cpus free`,
    queue.maxSeconds === null ? '' : `up to ${length(Math.floor(queue.maxSeconds / 60))}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function QueueField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const queues = queuesOf(cluster, effectiveLauncher(values, recipe, cluster));
  return (
    <Select
      data-field="queue"
      className="full"
      label={label('Queue', queues.length === 0 ? 'read at the next connection' : undefined)}
      value={values.queue}
      onChange={(queue) => set({ queue: queue ?? '' })}
      data={[
        { value: '', label: 'The site’s default' },
        ...queues.map((queue) => ({ value: queue.name, label: queue.name })),
        ...(values.queue && !queues.some((queue) => queue.name === values.queue)
          ? [{ value: values.queue, label: values.queue }]
          : []),
      ]}
      renderOption={({ option }) => {
        const queue = queues.find((entry) => entry.name === option.value);
        return (
          <span className="col grow">
            <span className="row">
              <span className="cut grow">{option.label}</span>
              {queue && <span className="s dimmer num fixed">{queueFacts(queue)}</span>}
            </span>
            {queue?.description && <span className="s dimmer">{queue.description}</span>}
          </span>
        );
      }}
      description={queues.find((queue) => queue.name === values.queue)?.description || undefined}
      inputWrapperOrder={after}
      error={errorOf('queue')?.message}
    />
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
        label={label('Container', cluster?.facts && found.length === 0 ? 'none found on the login node' : undefined)}
        value={values.runtime}
        onChange={(name) => set({ runtime: runtimeNames.find((entry) => entry === name) ?? '' })}
        data={[
          { value: '', label: 'Automatic' },
          ...possibleRuntimes(cluster).map((name) => ({ value: name, label: word(name) })),
        ]}
        error={errorOf('runtime')?.message}
      />
      <TextInput
        data-field="image"
        label={label('Image', values.runtime === 'native' ? 'not used' : hint)}
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
    <section className="fs" aria-label="Where">
      <h2>Where</h2>
      <SiteMessage cluster={cluster} />
      <Select
        data-field="clusterId"
        label={label('Cluster', state && connectionWords[state])}
        placeholder="Choose a cluster"
        value={values.clusterId || null}
        onChange={(id) => id && onCluster(id)}
        data={clusters.map((entry) => ({ value: entry.cluster.id, label: entry.cluster.name }))}
        renderOption={({ option }) => {
          const entry = clusters.find((item) => item.cluster.id === option.value);
          const look = connectionLook[entry?.connection.state ?? 'disconnected'];
          return (
            <span className="row grow">
              <look.icon size={16} stroke={1.75} className={`t-${look.tone} fixed`} aria-hidden />
              <span className="cut grow">{option.label}</span>
              <span className="s dimmer">{connectionWords[entry?.connection.state ?? 'disconnected']}</span>
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
