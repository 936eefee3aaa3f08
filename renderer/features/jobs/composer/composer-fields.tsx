import { NumberInput, Select, TextInput } from '@mantine/core';
import type { CombinedField } from '../../../../electron/shared/combination-policy.ts';
import { toGigabytes, toGigabytesBelow } from '../../../../electron/shared/format.ts';
import type { FieldError } from '../../../../electron/shared/launch-problems.ts';
import { launcherInfo } from '../../../../electron/shared/launch-target.ts';
import { gpuTypesOf } from '../../../../electron/shared/launch-validation-policy.ts';
import { launcherFeatures, launcherLabel } from '../../../../electron/shared/launcher-features.ts';
import { CombinationField } from '../../../components/combination-field.tsx';
import { fieldLabel } from '../../../components/field-label.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { useStore } from '../../../store.ts';
import { connectionLabels } from '../../../text/cluster.ts';
import { parseDuration } from '../../../text/duration.ts';
import { length } from '../../../text/time.ts';
import { ConnectHint } from '../../launch/connect-hint.tsx';
import css from './composer.module.css';
import { DependencyField, MailFields } from './dependency-fields.tsx';
import { isArray, launchersOf } from './draft.ts';
import { arrayExample, isDuration, limitsFor } from './draft-problems.ts';
import type { Composer } from './use-composer.ts';

interface Props {
  composer: Composer;
}

/** The mistake, with the queue that would do as a button. */
function errorText(error: FieldError | undefined, setField: Composer['setField']) {
  if (error?.queue === undefined) return error?.message;
  const { lead, queue } = error;
  return (
    <>
      {lead}
      <LinkButton
        inline
        style={{ color: 'inherit', textDecoration: 'underline' }}
        onClick={() => setField('queue', queue)}
      >
        use queue {queue}
      </LinkButton>
      .
    </>
  );
}

function WhereFields({ composer }: Props) {
  const { draft, cluster, launcher, errorOf, setCluster, setLauncher } = composer;
  const clusters = useStore((state) => state.clusters);
  const launchers = launchersOf(cluster);
  return (
    <>
      <Select
        data-field="clusterId"
        label={fieldLabel('Cluster', cluster && connectionLabels[cluster.connection.state])}
        placeholder="Choose a cluster"
        value={draft.clusterId || null}
        onChange={(id) => id && setCluster(id)}
        data={clusters.map((entry) => ({ value: entry.cluster.id, label: entry.cluster.name }))}
        error={errorOf('clusterId')?.message}
      />
      {(launchers.length > 1 || launcher !== launchers[0]) && (
        <Select
          label="Runs with"
          value={launcher}
          onChange={(name) => name && setLauncher(name)}
          data={[...new Set([...launchers, launcher])].map((name) => ({ value: name, label: launcherLabel(name) }))}
        />
      )}
    </>
  );
}

/** One of the fields whose values go together in some ways only. */
function ChoiceField(
  props: Props & { field: CombinedField; title: string; isOpen?: boolean; isDisabled?: boolean; empty?: string },
) {
  const { composer, field, title, isOpen, isDisabled, empty = 'The cluster’s default' } = props;
  const { fields, cluster, launcher, errorOf, setField } = composer;
  return (
    <CombinationField
      field={field}
      title={title}
      chosen={fields}
      info={launcherInfo(cluster?.facts ?? null, launcher)}
      isOpen={isOpen}
      limit={isDisabled ? 'with GPUs only' : undefined}
      disabled={isDisabled}
      empty={empty}
      error={errorOf(field)?.message}
      onChange={(value) => value !== fields[field] && setField(field, value)}
    />
  );
}

function TimeField({ composer, limit }: Props & { limit: number | null }) {
  const { fields, typed, setField, setTyped, errorOf } = composer;
  return (
    <TextInput
      data-field="time"
      label={fieldLabel('Time', limit === null ? undefined : `up to ${length(limit)}`)}
      placeholder="The cluster’s default"
      value={typed.time ?? (fields.time === null ? '' : length(fields.time))}
      onChange={({ currentTarget: { value } }) => {
        setTyped('time', value);
        const minutes = parseDuration(value);
        if (minutes !== null || value.trim() === '') setField('time', minutes);
      }}
      // What cannot be read stays, with the mistake beside it: the job would have another time than its field says.
      onBlur={({ currentTarget: { value } }) => isDuration(value) && setTyped('time', null)}
      error={errorText(errorOf('time'), setField)}
    />
  );
}

type Amount = 'cpus' | 'memory' | 'gpus' | 'nodes';

function AmountField(
  props: Props & { field: Amount; title: string; limit?: string; unit?: string; placeholder?: string },
) {
  const { composer, field, title, limit, unit, placeholder = 'The cluster’s default' } = props;
  const value = composer.fields[field];
  const isMemory = field === 'memory';
  const shown = value === null ? '' : isMemory ? toGigabytes(value) : value;
  return (
    <NumberInput
      data-field={field}
      allowNegative={false}
      allowDecimal={isMemory}
      decimalScale={2}
      label={fieldLabel(title, limit)}
      placeholder={placeholder}
      value={shown}
      onChange={(typed) => {
        const number = typed === '' ? null : Number(typed);
        // What cannot be read yet, such as a single dot, changes nothing.
        if (number === null || Number.isFinite(number)) setAmount(composer, field, number);
      }}
      rightSection={unit && <span className="text-sm text-tertiary">{unit}</span>}
      rightSectionWidth={unit ? 48 : undefined}
      error={errorText(composer.errorOf(field), composer.setField)}
    />
  );
}

/** Nothing is asked for with 0. */
function setAmount({ setField, fields }: Composer, field: Amount, number: number | null): void {
  const whole = number === null ? null : Math.round(field === 'memory' ? number * 1024 : number);
  const value = whole === 0 ? null : whole;
  if (value !== fields[field]) setField(field, value);
}

/** In the form as long as the cluster names types, so that typing a number of GPUs moves no field. */
function GpuTypeField({ composer }: Props) {
  const { fields, launcher, cluster } = composer;
  const types = gpuTypesOf(launcherInfo(cluster?.facts ?? null, launcher), undefined);
  if (!launcherFeatures[launcher]?.gpuTypes || (types.length === 0 && fields.gpuType === '')) return null;
  return <ChoiceField composer={composer} field="gpuType" title="GPU type" empty="Any" isDisabled={!fields.gpus} />;
}

const perNode = (limit: number | string | null | undefined) => (limit == null ? undefined : `up to ${limit} per node`);

function ResourceFields({ composer }: Props) {
  const { fields, launcher, cluster } = composer;
  const features = launcherFeatures[launcher];
  if (!features) return null;
  const limits = limitsFor(fields, launcher, cluster);
  const memory = limits.memory ? toGigabytesBelow(limits.memory.limit) : null;
  return (
    <>
      <TimeField composer={composer} limit={limits.time?.limit ?? null} />
      <AmountField composer={composer} field="cpus" title="Cores" limit={perNode(limits.cpus?.limit)} />
      <AmountField
        composer={composer}
        field="memory"
        title="Memory"
        unit="GB"
        limit={perNode(memory === null ? null : `${memory} GB`)}
      />
      <AmountField
        composer={composer}
        field="gpus"
        title="GPUs"
        placeholder="None"
        limit={limits.gpus?.limit === 0 ? 'none in this queue' : perNode(limits.gpus?.limit)}
      />
      <GpuTypeField composer={composer} />
      {features.nodes && (
        <AmountField
          composer={composer}
          field="nodes"
          title="Nodes"
          placeholder="1"
          limit={limits.nodes ? `up to ${limits.nodes.limit}` : undefined}
        />
      )}
      {features.arrays !== 'none' && <ArrayField composer={composer} />}
    </>
  );
}

function ArrayField({ composer }: Props) {
  const { fields, launcher, typed, setField, setTyped, errorOf } = composer;
  return (
    <TextInput
      data-field="array"
      label={fieldLabel('Array', 'one job without it')}
      placeholder={`None, for example ${arrayExample(launcher)}`}
      spellCheck={false}
      value={typed.array ?? fields.array}
      onChange={({ currentTarget: { value } }) => {
        const text = value.replace(/\s+/g, '');
        setTyped('array', text);
        if (isArray(text, launcher)) setField('array', text);
      }}
      onBlur={({ currentTarget: { value } }) => isArray(value, launcher) && setTyped('array', null)}
      error={errorOf('array')?.message}
    />
  );
}

/** What the job is called, where it runs and what it asks for. */
export function ComposerFields({ composer }: Props) {
  const { draft, cluster, launcher, errorOf, setName } = composer;
  const info = launcherInfo(cluster?.facts ?? null, launcher);
  const features = launcherFeatures[launcher];
  const queues = info?.queues.map(({ name }) => name) ?? [];
  return (
    <section className={css.fields} aria-label="Resources">
      <TextInput
        data-field="name"
        className={css.full}
        label="Name"
        maxLength={100}
        value={draft.name}
        error={errorOf('name')?.message}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <WhereFields composer={composer} />
      {features && <ChoiceField composer={composer} field="account" title="Account" isOpen />}
      {features?.queues && <ChoiceField composer={composer} field="queue" title="Queue" />}
      {features?.qos && <ChoiceField composer={composer} field="qos" title="Quality of service" />}
      <ResourceFields composer={composer} />
      <DependencyField composer={composer} />
      <MailFields composer={composer} />
      {features?.queues && queues.length === 0 && <ConnectHint cluster={cluster} what="queues and limits" />}
      {!features && (
        <p className={`${css.full} text-sm text-secondary`}>
          The login node has no scheduler: the script runs at once, and asks for nothing.
        </p>
      )}
    </section>
  );
}
