import { MultiSelect, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import {
  conditionTexts,
  type Dependency,
  type DependencyCondition,
  dependencyConditions,
  dependencyIdOf,
  namesJob,
  readDependencies,
  writeDependencies,
} from '../../../../electron/shared/dependency-policy.ts';
import { isJobOver, type Job } from '../../../../electron/shared/jobs.ts';
import type { LauncherName } from '../../../../electron/shared/kinds.ts';
import { launcherFeatures, launcherLabel } from '../../../../electron/shared/launcher-features.ts';
import {
  type MailEvent,
  mailEvents,
  mailTexts,
  readMailEvents,
  writeMailEvents,
} from '../../../../electron/shared/mail-policy.ts';
import { fieldLabel } from '../../../components/field-label.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { useStore } from '../../../store.ts';
import css from './composer.module.css';
import type { Composer } from './use-composer.ts';

interface Props {
  composer: Composer;
}

const nameOf = (jobs: readonly Job[], jobId: string): string => {
  const job = jobs.find(({ native }) => native && namesJob(jobId, native.id));
  return job ? `${job.name} (${jobId})` : `Job ${jobId}`;
};

function DependencyRow(props: {
  dependency: Dependency;
  name: string;
  launcher: LauncherName;
  onChange: (condition: DependencyCondition) => void;
  onRemove: () => void;
}) {
  const { dependency, name, launcher, onChange, onRemove } = props;
  const conditions = dependencyConditions(launcher);
  return (
    <li className="row">
      <span className="truncate grow" title={name}>
        {name}
      </span>
      <Select
        aria-label={`When ${name}`}
        className="no-shrink"
        w={220}
        disabled={conditions.length === 1}
        value={dependency.condition}
        onChange={(chosen) => {
          const condition = conditions.find((each) => each === chosen);
          if (condition) onChange(condition);
        }}
        data={conditions.map((value) => ({ value, label: conditionTexts[value] }))}
      />
      <IconButton icon={IconX} label={`Do not wait for ${name}`} size={26} onClick={onRemove} />
    </li>
  );
}

/** The jobs of this cluster that are not over: waiting for others begins at once, or never. */
function useCandidates({ draft, launcher }: Composer): Job[] {
  const jobs = useStore((state) => state.jobs);
  return jobs.filter(
    (job) => job.clusterId === draft.clusterId && job.launcher === launcher && job.native && !isJobOver(job.state),
  );
}

const NoDependencies = ({ launcher }: { launcher: LauncherName }) => (
  <p className={`${css.full} text-sm text-tertiary`}>
    {launcherLabel(launcher)} begins jobs independently of each other.
  </p>
);

/** Which jobs this one waits for. */
export function DependencyField({ composer }: Props) {
  const { fields, launcher, setField } = composer;
  const all = useStore((state) => state.jobs);
  const jobs = all.filter((job) => job.clusterId === composer.draft.clusterId);
  const candidates = useCandidates(composer);
  const [first] = dependencyConditions(launcher);
  if (!first) return launcherFeatures[launcher] && <NoDependencies launcher={launcher} />;
  const list = readDependencies(fields.dependency, launcher);
  if (list === null) {
    return (
      <TextInput
        className={css.full}
        label={fieldLabel('Begins after', 'as in the script')}
        spellCheck={false}
        value={fields.dependency}
        onChange={(event) => setField('dependency', event.currentTarget.value)}
      />
    );
  }
  const write = (next: readonly Dependency[]) => setField('dependency', writeDependencies(next, launcher));
  // A scheduler may give a number again: the newest job has it.
  const byId = new Map(candidates.toReversed().map((job) => [dependencyIdOf(job.native?.id ?? ''), job.name]));
  const left = [...byId].filter(([id]) => !list.some(({ jobId }) => namesJob(jobId, id)));
  return (
    <div className={css.full}>
      <Select
        searchable
        label={fieldLabel(
          'Begins after',
          candidates.length === 0 ? 'no job waits or runs here' : 'other jobs of yours',
        )}
        placeholder={list.length === 0 ? 'As soon as there is room' : 'Add another job'}
        disabled={left.length === 0}
        value={null}
        onChange={(id) => id && write([...list, { condition: first, jobId: id }])}
        data={left.map(([id, name]) => ({ value: id, label: `${name} (${id})` }))}
      />
      {list.length > 0 && (
        <ul aria-label="Jobs it waits for" className={css.waitsFor}>
          {list.map((dependency, index) => (
            <DependencyRow
              key={dependency.jobId}
              dependency={dependency}
              name={nameOf(jobs, dependency.jobId)}
              launcher={launcher}
              onChange={(condition) => write(list.with(index, { ...dependency, condition }))}
              onRemove={() => write(list.filter((each) => each !== dependency))}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

/** When the scheduler sends mail, and where to. */
export function MailFields({ composer }: Props) {
  const { fields, launcher, setField } = composer;
  if (!launcherFeatures[launcher]) return null;
  const events = mailEvents(launcher);
  const chosen = readMailEvents(fields.mailType, launcher);
  return (
    <>
      {events.length > 0 && chosen !== null ? (
        <MultiSelect
          label="Mail when"
          placeholder={chosen.length === 0 ? 'Never' : ''}
          value={chosen}
          onChange={(next) => setField('mailType', writeMailEvents(next.filter(isEvent), launcher))}
          data={events.map((value) => ({ value, label: mailTexts[value] }))}
        />
      ) : (
        launcher !== 'lsf' && (
          <TextInput
            label={fieldLabel('Mail when', 'as in the script')}
            spellCheck={false}
            value={fields.mailType}
            onChange={(event) => setField('mailType', event.currentTarget.value.trim())}
          />
        )
      )}
      <TextInput
        label={fieldLabel('Mail to', 'empty: the cluster’s default')}
        type="email"
        spellCheck={false}
        value={fields.mailUser}
        onChange={(event) => setField('mailUser', event.currentTarget.value.trim())}
      />
    </>
  );
}

const isEvent = (text: string): text is MailEvent => text in mailTexts;
