import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconBookmark, IconCheck, IconPencil, IconTrash, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { LaunchInput } from '../../../electron/shared/instances.ts';
import { type Preset, presetNameSchema, presetsOf } from '../../../electron/shared/presets.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import css from './preset-dialogs.module.css';

const nameProblem = (name: string): string | null => {
  const parsed = presetNameSchema.safeParse(name);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'Give another name.');
};

/** Saves values under a name. A name that is taken is replaced only if it is asked for again. */
function useSavePreset(input: LaunchInput, name: string) {
  const presets = useStore((state) => state.presets);
  const [asked, setAsked] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const wanted = name.trim();
  const problem = nameProblem(name);
  const isTaken = presets.some((preset) => preset.input.recipe === input.recipe && preset.name === wanted);
  const replace = isTaken && asked === wanted;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem) return;
    if (isTaken && !replace) {
      setAsked(wanted);
      return;
    }
    setBusy(true);
    try {
      await invoke('presets.save', { name: wanted, input, replace });
      ui.toast({ tone: 'ok', title: `Preset ${wanted} is saved.` });
      ui.closeDialog();
    } catch (error) {
      setFailure(AppError.from(error));
      setBusy(false);
    }
  };
  return { problem: tried ? problem : undefined, replace, busy, failure, save };
}

/** Keeps the form's values under a name; one that is taken is only replaced after a second press. */
export function SavePresetDialog({ input }: { input: LaunchInput }) {
  const recipe = useStore((state) => state.recipes.list.find((entry) => entry.name === input.recipe));
  const [name, setName] = useState(input.title);
  const { problem, replace, busy, failure, save } = useSavePreset(input, name);
  const wanted = name.trim();
  const secrets = recipe?.args.filter((arg) => arg.type === 'secret') ?? [];
  return (
    <Dialog
      title="Save as preset"
      subtitle={recipe?.title ?? input.recipe}
      icon={IconBookmark}
      size={460}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button
            type="submit"
            form="save-preset"
            variant={replace ? undefined : 'filled'}
            data-danger={replace ? 'filled' : undefined}
            loading={busy}
          >
            {replace ? 'Replace' : 'Save'}
          </Button>
        </>
      }
    >
      <form id="save-preset" noValidate onSubmit={save} className="column gap-12">
        <TextInput
          data-autofocus
          label="Name"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem}
        />
        {replace && (
          <Note tone="wait" role="alert">
            <strong className="bold">A preset named {wanted} exists already.</strong> Replace it with the values of this
            form?
          </Note>
        )}
        {secrets.length > 0 && (
          <p className="hint">Secrets are not kept: {secrets.map((arg) => arg.title ?? arg.name).join(', ')}.</p>
        )}
        {failure && <ErrorNote error={failure} title="Not saved" alert />}
      </form>
    </Dialog>
  );
}

function RenameForm(props: { preset: Preset; onRename: (name: string) => void; onClose: () => void }) {
  const { preset, onRename, onClose } = props;
  const [name, setName] = useState(preset.name);
  const problem = nameProblem(name);
  return (
    <form
      className="row"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!problem) onRename(name.trim());
      }}
    >
      <TextInput
        className="grow"
        autoFocus
        aria-label={`New name of ${preset.name}`}
        maxLength={100}
        value={name}
        error={problem}
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
      <ActionIcon aria-label="Keep the old name" onClick={onClose}>
        <IconX size={16} stroke={stroke} aria-hidden />
      </ActionIcon>
    </form>
  );
}

/** Rename and delete; deleting is asked for once more. */
function PresetButtons(props: { preset: Preset; onRename: () => void; onDelete: () => void }) {
  const { preset, onRename, onDelete } = props;
  const [isAsking, setAsking] = useState(false);
  if (isAsking) {
    return (
      <>
        <Button size="compact-sm" data-danger="filled" onClick={onDelete}>
          Delete {preset.name}
        </Button>
        <Button size="compact-sm" autoFocus onClick={() => setAsking(false)}>
          Keep
        </Button>
      </>
    );
  }
  return (
    <>
      <ActionIcon aria-label={`Rename ${preset.name}`} onClick={onRename}>
        <IconPencil size={16} stroke={stroke} aria-hidden />
      </ActionIcon>
      <ActionIcon aria-label={`Delete ${preset.name}`} onClick={() => setAsking(true)}>
        <IconTrash size={16} stroke={stroke} aria-hidden />
      </ActionIcon>
    </>
  );
}

function PresetRow({ preset, where }: { preset: Preset; where: string }) {
  const [isRenaming, setRenaming] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const run = async (work: Promise<unknown>) => {
    try {
      await work;
      setRenaming(false);
      setFailure(null);
    } catch (error) {
      setFailure(AppError.from(error));
    }
  };
  return (
    <li aria-label={preset.name}>
      {isRenaming ? (
        <RenameForm
          preset={preset}
          onRename={(name) => run(invoke('presets.rename', { id: preset.id, name }))}
          onClose={() => setRenaming(false)}
        />
      ) : (
        <div className="row">
          <span className="grow truncate" title={preset.name}>
            {preset.name} <span className="text-sm text-tertiary">{where}</span>
          </span>
          <PresetButtons
            preset={preset}
            onRename={() => setRenaming(true)}
            onDelete={() => run(invoke('presets.remove', { id: preset.id }))}
          />
        </div>
      )}
      {failure && <ErrorNote error={failure} alert onClose={() => setFailure(null)} />}
    </li>
  );
}

/** A recipe's presets, to rename and delete. */
export function PresetsDialog({ recipeName }: { recipeName: string }) {
  const presets = useStore((state) => state.presets);
  const clusters = useStore((state) => state.clusters);
  const recipe = useStore((state) => state.recipes.list.find((entry) => entry.name === recipeName));
  const own = presetsOf(presets, recipeName, '');
  return (
    <Dialog
      title="Presets"
      subtitle={recipe?.title ?? recipeName}
      icon={IconBookmark}
      size={460}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Close</Button>
        </>
      }
    >
      {own.length === 0 ? (
        <p className="text-secondary">There are no presets left.</p>
      ) : (
        <ul className={css.list}>
          {own.map((preset) => (
            <PresetRow
              key={preset.id}
              preset={preset}
              where={clusters.find((entry) => entry.cluster.id === preset.input.clusterId)?.cluster.name ?? ''}
            />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
