import { Select } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ClusterState, Queue } from '../../../electron/shared/clusters.ts';
import { launcherFeatures } from '../../../electron/shared/launcher-features.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { CombinationField } from '../../components/combination-field.tsx';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { connectionLook, stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { SiteDocs } from '../../components/site-docs.tsx';
import { useStore } from '../../store.ts';
import { connectionLabels } from '../../text/cluster.ts';
import { length } from '../../text/time.ts';
import { ConnectHint } from './connect-hint.tsx';
import type { FieldProps } from './fields.tsx';
import { defaultResources, effectiveLauncher, launcherOf, queuesOf } from './launch-values.ts';

export type PlaceProps = FieldProps & { recipe: RecipeSummary; cluster: ClusterState | undefined };

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

function QueueField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const launcher = effectiveLauncher(values, recipe, cluster);
  const queues = queuesOf(cluster, launcher);
  const find = (name: string) => queues.find((queue) => queue.name === name);
  const usual = defaultResources(values, recipe, cluster).queue;
  return (
    <div>
      <CombinationField
        field="queue"
        title="Queue"
        chosen={values}
        info={launcherOf(cluster, launcher)}
        empty={usual === '' ? 'The cluster’s default' : `Default: ${usual}`}
        facts={(name) => {
          const queue = find(name);
          return { end: queue ? queueFacts(queue) : '', below: queue?.description };
        }}
        description={find(values.queue)?.description || undefined}
        onChange={(queue) => set({ queue })}
        error={errorOf('queue')?.message}
      />
      {queues.length === 0 && <ConnectHint cluster={cluster} what="queues" />}
    </div>
  );
}

export function WhereFields(props: PlaceProps & { onCluster: (id: string) => void }) {
  const { recipe, cluster, values, errorOf, onCluster } = props;
  const clusters = useStore((state) => state.clusters);
  const launcher = effectiveLauncher(values, recipe, cluster);
  const state = cluster?.connection.state;
  return (
    <section className={form.grid} aria-label="Where">
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
      {launcher !== null && launcherFeatures[launcher]?.queues && <QueueField {...props} />}
    </section>
  );
}
