import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { jobNameSchema, jobScriptSchema } from '../../../electron/shared/jobs.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useQuestion } from '../../components/use-question.ts';
import { usePreferredCluster } from '../../preferred-cluster.ts';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { noteJobs } from './known-jobs.ts';

/** What was filled in, and its creation. A repeated attempt with the same values makes no second job. */
function useNewJob() {
  const clusters = useStore((state) => state.clusters);
  const preferred = usePreferredCluster();
  const [draft, setDraft] = useState({ clusterId: preferred, name: '', script: '#!/bin/sh\n' });
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [areErrorsShown, setErrorsShown] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const creating = useQuestion();
  const name = jobNameSchema.safeParse(draft.name);
  const script = jobScriptSchema.safeParse(draft.script);
  const change = (changes: Partial<typeof draft>) => {
    setDraft((last) => ({ ...last, ...changes }));
    setKey(crypto.randomUUID());
    setFailure(null);
  };
  const create = async (event: FormEvent) => {
    event.preventDefault();
    setErrorsShown(true);
    if (creating.busy || draft.clusterId === '' || !name.success || !script.success) return;
    setFailure(null);
    try {
      const input = { clusterId: draft.clusterId, name: name.data, script: script.data, key };
      const job = await creating.ask((signal) => invoke('jobs.create', input, signal));
      if (!job) return;
      noteJobs([job]);
      ui.closeDialog();
      ui.showJob(job.id);
    } catch (error) {
      setFailure(AppError.from(error));
    }
  };
  const errors = areErrorsShown
    ? {
        clusterId: draft.clusterId === '' ? 'Choose a cluster.' : undefined,
        name: name.error?.issues[0]?.message,
        script: script.error?.issues[0]?.message,
      }
    : {};
  return { clusters, draft, errors, failure, isCreating: creating.busy, change, create };
}

/** Makes a job from a script. Its files are uploaded, and it is submitted, on its own page. */
export function NewJobDialog() {
  const formId = useId();
  const { clusters, draft, errors, failure, isCreating, change, create } = useNewJob();
  return (
    <Dialog
      title="New job"
      subtitle="Made as a draft: upload its files and submit it next"
      icon={IconListCheck}
      size={640}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button type="submit" form={formId} variant="filled" loading={isCreating}>
            Create job
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={create} noValidate className="column gap-12">
        <TextInput
          label="Name"
          data-autofocus
          maxLength={100}
          value={draft.name}
          error={errors.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Select
          label="Cluster"
          placeholder="Choose a cluster"
          value={draft.clusterId || null}
          error={errors.clusterId}
          onChange={(clusterId) => change({ clusterId: clusterId ?? '' })}
          data={clusters.map(({ cluster }) => ({ value: cluster.id, label: cluster.name }))}
        />
        <Textarea
          label="Script"
          description="Runs in the directory of the job. Lines such as #SBATCH ask for time, cores and memory."
          classNames={{ input: 'mono' }}
          spellCheck={false}
          rows={10}
          value={draft.script}
          error={errors.script}
          onChange={(event) => change({ script: event.currentTarget.value })}
        />
      </form>
      {failure && <ErrorNote error={failure.serialize()} title="The job was not created" alert />}
    </Dialog>
  );
}
