import { NumberInput, SegmentedControl, Select } from '@mantine/core';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { connectionLook } from '../../components/icons.tsx';
import { useStore } from '../../store.ts';
import { connectionWords } from '../../words/cluster.ts';
import { count } from '../../words/size.ts';
import { length } from '../../words/time.ts';
import { errorText, type FieldProps, label, toNumber } from './fields.tsx';
import { effectiveLauncher, possibleLaunchers, queueFor, queuesOf } from './launch-values.ts';
import { limitsFor } from './validate-launch.ts';

type PlaceProps = FieldProps & {
  recipe: RecipeSummary;
  cluster: ClusterState | undefined;
  onCluster: (id: string) => void;
};

export function WhereFields({ recipe, cluster, values, set, errorOf, onCluster }: PlaceProps) {
  const clusters = useStore((state) => state.clusters);
  const launcher = effectiveLauncher(values, recipe, cluster);
  const queues = queuesOf(cluster, launcher);
  const state = cluster?.connection.state;
  const possible = possibleLaunchers(recipe, cluster);
  return (
    <section className="fs" aria-label="Where">
      <h2>Where</h2>
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
      <Select
        data-field="launcher"
        label={label('Launcher', cluster && !cluster.facts ? 'not read yet' : undefined)}
        value={values.launcher}
        onChange={(name) => set({ launcher: name === 'login' || name === 'slurm' ? name : '' })}
        data={[
          { value: '', label: launcher ? `Automatic: ${launcher}` : 'Automatic' },
          ...possible.map((name) => ({ value: name, label: name === 'login' ? 'login, on the login node' : name })),
        ]}
        error={errorOf('launcher')?.message}
      />
      {launcher !== null && launcher !== 'login' && (
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
              <span className="row grow">
                <span className="cut grow">{option.label}</span>
                {queue && (
                  <span className="s dimmer num">
                    {queue.cpusFree === null ? queue.state : `${queue.cpusFree} of ${queue.cpusTotal} cpus free`}
                    {queue.maxSeconds !== null && `, up to ${length(Math.floor(queue.maxSeconds / 60))}`}
                  </span>
                )}
              </span>
            );
          }}
          error={errorOf('queue')?.message}
        />
      )}
    </section>
  );
}

const times = [60, 240, 480, 1440];

function TimeField({ recipe, cluster, values, set, errorOf }: Omit<PlaceProps, 'onCluster'>) {
  const limit = limitsFor(values, recipe, cluster).time;
  const offered = times.filter((minutes) => limit === null || minutes <= limit);
  const other = values.time !== null && !offered.includes(values.time);
  const error = errorOf('time');
  return (
    <div>
      <div className="mantine-InputWrapper-label" id="launch-time">
        {label('Time', limit === null ? undefined : `up to ${length(limit)}`)}
      </div>
      <SegmentedControl
        data-field="time"
        fullWidth
        aria-labelledby="launch-time"
        value={other ? 'other' : String(values.time ?? '')}
        onChange={(value) =>
          set({ time: value === '' ? null : value === 'other' ? (values.time ?? 60) + 1 : Number(value) })
        }
        data={[
          { value: '', label: 'Default' },
          ...offered.map((minutes) => ({ value: String(minutes), label: length(minutes) })),
          { value: 'other', label: 'Other' },
        ]}
      />
      {other && (
        <NumberInput
          mt={6}
          aria-label="Time in minutes"
          hideControls
          suffix=" min"
          value={values.time ?? ''}
          onChange={(value) => set({ time: toNumber(value) })}
          error={errorText(error, (queue) => set({ queue }))}
        />
      )}
      {!other && error && <p className="mantine-InputWrapper-error t-bad">{error.message}</p>}
    </div>
  );
}

export function ResourceFields(props: Omit<PlaceProps, 'onCluster'>) {
  const { recipe, cluster, values, set, errorOf } = props;
  const launcher = effectiveLauncher(values, recipe, cluster);
  if (launcher === null || launcher === 'login') return null;
  const limit = limitsFor(values, recipe, cluster);
  const use = (queue: string) => set({ queue });
  const perNode = (text: string | null) => (text === null ? undefined : `up to ${text} per node`);
  const gpuQueues = queuesOf(cluster, launcher).filter((queue) => (queue.gpusPerNode ?? 0) > 0);
  const here = queueFor(values, recipe, cluster);
  const common = { hideControls: true, allowNegative: false, placeholder: 'The site’s default' };
  return (
    <section className="fs" aria-label="How much">
      <h2>How much</h2>
      <TimeField {...props} />
      <NumberInput
        {...common}
        data-field="cpus"
        label={label('CPUs', perNode(limit.cpus === null ? null : String(limit.cpus)))}
        allowDecimal={false}
        rightSection={<span className="s dimmer">cores</span>}
        rightSectionWidth={56}
        value={values.cpus ?? ''}
        onChange={(value) => set({ cpus: toNumber(value) })}
        error={errorText(errorOf('cpus'), use)}
      />
      <NumberInput
        {...common}
        data-field="memory"
        label={label('Memory', perNode(limit.memory === null ? null : `${limit.memory} GB`))}
        decimalScale={2}
        rightSection={<span className="s dimmer">GB</span>}
        rightSectionWidth={44}
        value={values.memory ?? ''}
        onChange={(value) => set({ memory: toNumber(value) })}
        error={errorText(errorOf('memory'), use)}
      />
      <NumberInput
        {...common}
        data-field="gpus"
        placeholder="None"
        label={label(
          'GPUs',
          limit.gpus === 0 ? 'none in this queue' : perNode(limit.gpus === null ? null : String(limit.gpus)),
        )}
        allowDecimal={false}
        value={values.gpus ?? ''}
        onChange={(value) => set({ gpus: toNumber(value) })}
        error={errorText(errorOf('gpus'), use)}
        description={
          limit.gpus === 0 && gpuQueues.length > 0 && here
            ? `${count(gpuQueues.length, 'queue')} with GPUs: ${gpuQueues.map((queue) => queue.name).join(', ')}`
            : undefined
        }
        inputWrapperOrder={['label', 'input', 'error', 'description']}
      />
    </section>
  );
}
