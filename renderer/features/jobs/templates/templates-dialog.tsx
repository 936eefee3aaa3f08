import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconCheck, IconPencil, IconTemplate, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import type { JobTemplate } from '../../../../electron/shared/job-templates.ts';
import { jobNameSchema } from '../../../../electron/shared/jobs.ts';
import { invoke } from '../../../bridge.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorNote } from '../../../components/error-note.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { stroke } from '../../../components/icons.tsx';
import { LinkButton } from '../../../components/link-button.tsx';
import { useStore } from '../../../store.ts';
import { count } from '../../../text/size.ts';
import { ui } from '../../../ui-store.ts';
import css from './templates.module.css';
import { removeTemplate, useTemplates } from './use-templates.ts';

function RenameForm(props: { template: JobTemplate; onRename: (name: string) => void; onClose: () => void }) {
  const { template, onRename, onClose } = props;
  const [name, setName] = useState(template.name);
  const checked = jobNameSchema.safeParse(name);
  return (
    <form
      className="row"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (checked.success) onRename(checked.data);
      }}
    >
      <TextInput
        className="grow"
        autoFocus
        aria-label={`New name of ${template.name}`}
        maxLength={100}
        value={name}
        error={checked.success ? undefined : checked.error.issues[0]?.message}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
      />
      <ActionIcon type="submit" aria-label="Save the name">
        <IconCheck size={16} stroke={stroke} aria-hidden />
      </ActionIcon>
      <IconButton icon={IconX} label="Keep the old name" onClick={onClose} />
    </form>
  );
}

function TemplateRow({ template, onChange }: { template: JobTemplate; onChange: () => void }) {
  const { id, name, content } = template;
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === content.clusterId));
  const [isRenaming, setRenaming] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const rename = async (newName: string) => {
    try {
      await invoke('templates.rename', { id, name: newName });
      setRenaming(false);
      setFailure(null);
      onChange();
    } catch (error) {
      setFailure(AppError.from(error));
    }
  };
  const use = () => {
    ui.closeDialog();
    ui.compose({ kind: 'template', template });
  };
  const files = content.inputs.length > 0 ? count(content.inputs.length, 'file') : '';
  return (
    <li aria-label={name}>
      {isRenaming ? (
        <RenameForm template={template} onRename={(next) => void rename(next)} onClose={() => setRenaming(false)} />
      ) : (
        <div className="row">
          <span className="grow truncate" title={name}>
            <LinkButton onClick={use}>{name}</LinkButton>{' '}
            <span className="text-sm text-tertiary">
              {[cluster?.cluster.name ?? '', files].filter((text) => text !== '').join(', ')}
            </span>
          </span>
          <IconButton icon={IconPencil} label={`Rename ${name}`} onClick={() => setRenaming(true)} />
          <IconButton
            icon={IconTrash}
            label={`Remove ${name}`}
            onClick={() => void removeTemplate(template, onChange)}
          />
        </div>
      )}
      {failure && <ErrorNote error={failure.serialize()} alert onClose={() => setFailure(null)} />}
    </li>
  );
}

/** All templates of jobs, to use, rename and remove. */
export function TemplatesDialog() {
  const { list, error, load } = useTemplates();
  return (
    <Dialog
      title="Templates of jobs"
      icon={IconTemplate}
      size={520}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Close</Button>
        </>
      }
    >
      {error && <ErrorNote error={error.serialize()} title="The templates could not be read" alert />}
      {list?.length === 0 && (
        <p className="text-secondary">No templates yet. Compose a job and save it as a template.</p>
      )}
      <ul className={css.list}>
        {list?.map((template) => (
          <TemplateRow key={template.id} template={template} onChange={() => void load()} />
        ))}
      </ul>
    </Dialog>
  );
}
