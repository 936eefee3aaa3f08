import { NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { toGigabytes } from '../../../electron/shared/format.ts';
import { launcherFeatures } from '../../../electron/shared/launcher-features.ts';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { count } from '../../words/size.ts';
import { length } from '../../words/time.ts';
import { errorText, toNumber } from './fields.tsx';
import { defaultResources, effectiveLauncher, queueFor, queuesOf } from './launch-values.ts';
import { gpuTypesFor, limitsFor } from './validate-launch.ts';
import type { PlaceProps } from './where-fields.tsx';

const times = [60, 240, 480, 1440];

function TimeField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const limit = limitsFor(values, recipe, cluster).time;
  const offered = times.filter((minutes) => limit === null || minutes <= limit);
  const other = values.time !== null && !offered.includes(values.time);
  const error = errorOf('time');
  return (
    <div>
      <div className="mantine-InputWrapper-label" id="launch-time">
        {fieldLabel('Time', limit === null ? undefined : `up to ${length(limit)}`)}
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
      {!other && error && <p className="mantine-InputWrapper-error tone-bad">{error.message}</p>}
    </div>
  );
}

function GpuTypeField({ recipe, cluster, values, set, errorOf }: PlaceProps) {
  const types = gpuTypesFor(values, recipe, cluster);
  if (types.length === 0 && values.gpuType === '') return null;
  return (
    <Select
      data-field="gpuType"
      label={fieldLabel('GPU type', values.gpus ? undefined : 'with GPUs only')}
      disabled={!values.gpus}
      value={values.gpuType}
      onChange={(gpuType) => set({ gpuType: gpuType ?? '' })}
      data={[
        { value: '', label: 'Any' },
        ...[...new Set([...types, values.gpuType])].filter(Boolean).map((type) => ({ value: type, label: type })),
      ]}
      error={errorOf('gpuType')?.message}
    />
  );
}

export function ResourceFields(props: PlaceProps) {
  const { recipe, cluster, values, set, errorOf } = props;
  const launcher = effectiveLauncher(values, recipe, cluster);
  const can = launcher === null ? null : launcherFeatures[launcher];
  if (!can) return null;
  const limit = limitsFor(values, recipe, cluster);
  const use = (queue: string) => set({ queue });
  const perNode = (text: string | null) => (text === null ? undefined : `up to ${text} per node`);
  const gpuQueues = queuesOf(cluster, launcher).filter((queue) => (queue.gpusPerNode ?? 0) > 0);
  const here = queueFor(values, recipe, cluster);
  const usual = defaultResources(values, recipe, cluster);
  const common = { hideControls: true, allowNegative: false };
  const placeholder = (value: number | null) => (value === null ? 'The cluster’s default' : String(value));
  return (
    <section className={form.grid} aria-label="Resources">
      <h2>Resources</h2>
      <TimeField {...props} />
      <NumberInput
        {...common}
        data-field="cpus"
        placeholder={placeholder(usual.cpus)}
        label={fieldLabel('CPUs', perNode(limit.cpus === null ? null : String(limit.cpus)))}
        allowDecimal={false}
        rightSection={<span className="text-sm text-tertiary">cores</span>}
        rightSectionWidth={56}
        value={values.cpus ?? ''}
        onChange={(value) => set({ cpus: toNumber(value) })}
        error={errorText(errorOf('cpus'), use)}
      />
      <NumberInput
        {...common}
        data-field="memory"
        placeholder={placeholder(usual.memory === null ? null : toGigabytes(usual.memory))}
        label={fieldLabel('Memory', perNode(limit.memory === null ? null : `${limit.memory} GB`))}
        decimalScale={2}
        rightSection={<span className="text-sm text-tertiary">GB</span>}
        rightSectionWidth={44}
        value={values.memory ?? ''}
        onChange={(value) => set({ memory: toNumber(value) })}
        error={errorText(errorOf('memory'), use)}
      />
      <NumberInput
        {...common}
        data-field="gpus"
        placeholder={usual.gpus ? String(usual.gpus) : 'None'}
        label={fieldLabel(
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
      {can.gpuTypes && <GpuTypeField {...props} />}
      {can.nodes && (
        <NumberInput
          {...common}
          data-field="nodes"
          placeholder="1"
          label={fieldLabel('Nodes', limit.nodes === null ? undefined : `up to ${limit.nodes}`)}
          allowDecimal={false}
          value={values.nodes ?? ''}
          onChange={(value) => set({ nodes: toNumber(value) })}
          error={errorText(errorOf('nodes'), use)}
        />
      )}
      {!recipe.serves && (
        <TextInput
          data-field="array"
          label={fieldLabel('Tasks', 'leave empty for one job')}
          placeholder="1-100, or 1-100%5"
          classNames={{ input: 'mono' }}
          spellCheck={false}
          value={values.array}
          onChange={(event) => set({ array: event.currentTarget.value })}
          description="One task for each number; %5 runs at most five at a time."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          error={errorOf('array')?.message}
        />
      )}
    </section>
  );
}
