import { NumberInput, type NumberInputProps, SegmentedControl, TextInput } from '@mantine/core';
import { toGigabytes } from '../../../electron/shared/format.ts';
import { launcherFeatures } from '../../../electron/shared/launcher-features.ts';
import { CombinationField } from '../../components/combination-field.tsx';
import { fieldLabel } from '../../components/field-label.tsx';
import form from '../../components/form-grid.module.css';
import { count } from '../../text/size.ts';
import { length } from '../../text/time.ts';
import { errorText, toNumber } from './fields.tsx';
import { defaultResources, effectiveLauncher, launcherOf, queueFor, queuesOf } from './launch-values.ts';
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
    <CombinationField
      field="gpuType"
      title="GPU type"
      limit={values.gpus ? undefined : 'with GPUs only'}
      disabled={!values.gpus}
      chosen={values}
      info={launcherOf(cluster, effectiveLauncher(values, recipe, cluster))}
      empty="Any"
      onChange={(gpuType) => set({ gpuType })}
      error={errorOf('gpuType')?.message}
    />
  );
}

type Amount = 'cpus' | 'memory' | 'gpus' | 'nodes';

/** A number that is empty where the cluster or the recipe decides. */
function AmountField(
  props: PlaceProps & Omit<NumberInputProps, 'error' | 'label'> & { field: Amount; title: string; limit?: string },
) {
  const { recipe, cluster, values, set, errorOf, field, title, limit, ...input } = props;
  const usual = defaultResources(values, recipe, cluster)[field];
  const amount = usual !== null && field === 'memory' ? toGigabytes(usual) : usual;
  return (
    <NumberInput
      allowNegative={false}
      allowDecimal={field === 'memory'}
      data-field={field}
      label={fieldLabel(title, limit)}
      value={values[field] ?? ''}
      onChange={(value) => set({ [field]: toNumber(value) })}
      error={errorText(errorOf(field), (queue) => set({ queue }))}
      {...input}
      placeholder={amount ? String(amount) : (input.placeholder ?? 'The cluster’s default')}
    />
  );
}

/** Says which queues have GPUs where the chosen one has none. */
function GpuField(props: PlaceProps & { limit: number | null }) {
  const { recipe, cluster, values, limit } = props;
  const queues = queuesOf(cluster, effectiveLauncher(values, recipe, cluster));
  const others = queues.filter((queue) => (queue.gpusPerNode ?? 0) > 0).map((queue) => queue.name);
  const isOffered = limit === 0 && others.length > 0 && queueFor(values, recipe, cluster) !== undefined;
  return (
    <AmountField
      {...props}
      field="gpus"
      title="GPUs"
      limit={limit === 0 ? 'none in this queue' : perNode(limit)}
      placeholder="None"
      description={isOffered ? `${count(others.length, 'queue')} with GPUs: ${others.join(', ')}` : undefined}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
    />
  );
}

function ArrayField({ values, set, errorOf }: PlaceProps) {
  return (
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
  );
}

const perNode = (limit: number | string | null) => (limit === null ? undefined : `up to ${limit} per node`);
const unit = (name: string) => <span className="text-sm text-tertiary">{name}</span>;

/** Nothing where a job runs on one node only. */
export function NodesField(props: PlaceProps) {
  const { recipe, cluster, values } = props;
  const launcher = effectiveLauncher(values, recipe, cluster);
  if (launcher === null || !launcherFeatures[launcher]?.nodes) return null;
  const { nodes } = limitsFor(values, recipe, cluster);
  return (
    <AmountField
      {...props}
      field="nodes"
      title="Nodes"
      limit={nodes === null ? undefined : `up to ${nodes}`}
      placeholder="1"
    />
  );
}

export function ResourceFields(props: PlaceProps) {
  const { recipe, cluster, values } = props;
  const launcher = effectiveLauncher(values, recipe, cluster);
  const features = launcher === null ? null : launcherFeatures[launcher];
  if (!features) return null;
  const { cpus, memory, gpus } = limitsFor(values, recipe, cluster);
  return (
    <section className={form.grid} aria-label="Resources">
      <TimeField {...props} />
      <AmountField {...props} field="cpus" title="Cores" limit={perNode(cpus)} />
      <AmountField
        {...props}
        field="memory"
        title="Memory"
        limit={perNode(memory === null ? null : `${memory} GB`)}
        decimalScale={2}
        rightSection={unit('GB')}
        rightSectionWidth={44}
      />
      <GpuField {...props} limit={gpus} />
      {features.gpuTypes && <GpuTypeField {...props} />}
      {!recipe.serves && <ArrayField {...props} />}
    </section>
  );
}
