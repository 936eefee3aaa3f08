import { Button, TextInput } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import type { JobTemplateContent } from '../../../../electron/shared/job-templates.ts';
import { jobNameSchema } from '../../../../electron/shared/jobs.ts';
import { invoke } from '../../../bridge.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorNote } from '../../../components/error-note.tsx';
import { Note } from '../../../components/note.tsx';
import { ui } from '../../../ui-store.ts';

/** Saves under a name; one that is taken is replaced only if it is asked for again. */
function useSaving(content: JobTemplateContent, name: string) {
  const [taken, setTaken] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const replace = taken === name.trim();
  const save = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await invoke('templates.save', { name: name.trim(), content, replace });
      ui.toast({ tone: 'ok', title: `The template ${name.trim()} is saved.` });
      ui.closeDialog();
    } catch (error) {
      const known = AppError.from(error);
      if (known.code === 'conflict') setTaken(name.trim());
      else setFailure(known);
      setBusy(false);
    }
  };
  return { replace, isBusy, failure, save };
}

/** Keeps what is composed as a template. `leftOut`: files that are too large for one. */
export function SaveTemplateDialog(props: { content: JobTemplateContent; leftOut: readonly string[] }) {
  const { content, leftOut } = props;
  const [name, setName] = useState(content.jobName);
  const [isTried, setTried] = useState(false);
  const { replace, isBusy, failure, save } = useSaving(content, name);
  const checked = jobNameSchema.safeParse(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (checked.success) void save();
  };
  return (
    <Dialog
      title="Save as a template"
      icon={IconTemplate}
      size={460}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button
            type="submit"
            form="save-template"
            variant={replace ? undefined : 'filled'}
            data-danger={replace ? 'filled' : undefined}
            loading={isBusy}
          >
            {replace ? 'Replace' : 'Save'}
          </Button>
        </>
      }
    >
      <form id="save-template" noValidate onSubmit={submit} className="column gap-12">
        <TextInput
          data-autofocus
          label="Name of the template"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={isTried && !checked.success ? checked.error.issues[0]?.message : undefined}
        />
        {replace && (
          <Note tone="wait" role="alert">
            <strong className="bold">There is a template {name.trim()} already.</strong> Replace it with this job?
          </Note>
        )}
        {leftOut.length > 0 && (
          <p className="hint">Too large for a template, which keeps 256 kB of files: {leftOut.join(', ')}.</p>
        )}
        {failure && <ErrorNote error={failure.serialize()} title="Not saved" alert />}
      </form>
    </Dialog>
  );
}
