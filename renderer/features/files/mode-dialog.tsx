import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { type ModeAsk, ui } from '../../ui-store.ts';
import { formatMode } from './list-model.ts';
import css from './mode-dialog.module.css';
import { describeEntries } from './target.ts';

const who = [
  { label: 'You', shift: 6 },
  { label: 'Group', shift: 3 },
  { label: 'Others', shift: 0 },
];
const what = [
  { label: 'Read', bit: 4 },
  { label: 'Write', bit: 2 },
  { label: 'Run or enter', bit: 1 },
];

function ModeTable({ mode, onMode }: { mode: number; onMode: (mode: number) => void }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Who</span>
          </th>
          {what.map(({ label }) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {who.map(({ label, shift }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {what.map(({ label: right, bit }) => (
              <td key={right}>
                <Checkbox
                  data-autofocus={shift === 6 && bit === 4 ? true : undefined}
                  aria-label={`${label}: ${right}`}
                  checked={(mode & (bit << shift)) !== 0}
                  onChange={() => onMode(mode ^ (bit << shift))}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Sets who may read, write and run what is chosen. */
export function ModeDialog({ ask }: { ask: ModeAsk }) {
  const [mode, setMode] = useState(ask.mode);
  const [typed, setTyped] = useState(ask.mode.toString(8).padStart(3, '0'));
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const isValid = /^[0-7]{3,4}$/.test(typed);
  const choose = (next: number) => {
    setMode(next);
    setTyped(next.toString(8).padStart(3, '0'));
  };
  const save = async () => {
    if (!isValid) return;
    setBusy(true);
    try {
      await ask.run(mode);
      ui.closeDialog();
    } catch (failure) {
      setError(AppError.from(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="Permissions"
      subtitle={describeEntries(ask.names, displayName)}
      icon={IconLock}
      size={460}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="mono text-tertiary grow">{isValid && formatMode(mode)}</span>
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button variant="filled" loading={busy} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <ModeTable mode={mode} onMode={choose} />
      <TextInput
        label="As in chmod"
        w={120}
        maxLength={4}
        value={typed}
        error={isValid ? undefined : 'Three or four digits from 0 to 7.'}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          if (/^[0-7]{3,4}$/.test(value)) setMode(Number.parseInt(value, 8));
        }}
        onKeyDown={(event) => event.key === 'Enter' && void save()}
      />
      {error && <ErrorNote error={error.serialize()} alert />}
    </Dialog>
  );
}
