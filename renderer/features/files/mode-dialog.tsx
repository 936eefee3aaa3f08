import { Button, Checkbox, type CheckboxProps, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { type ModeAsk, ui } from '../../ui-store.ts';
import { formatMode } from './list-model.ts';
import css from './mode-dialog.module.css';
import {
  bitState,
  type ChosenMode,
  commonMode,
  nothingChosen,
  readTypedMode,
  toggleBit,
  writeMode,
} from './mode-model.ts';
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

interface BitsProps {
  modes: readonly number[];
  chosen: ChosenMode;
  onChosen: (chosen: ChosenMode) => void;
}

const special = [
  { label: 'Runs as its owner (setuid)', bit: 0o4000 },
  { label: 'Runs as its group; in a folder, new files belong to its group (setgid)', bit: 0o2000 },
  { label: 'Only owners can remove what is in it (sticky)', bit: 0o1000 },
];

function Bit({ modes, chosen, onChosen, bit, ...rest }: BitsProps & { bit: number } & CheckboxProps) {
  const state = bitState(modes, chosen, bit);
  return (
    <Checkbox
      {...rest}
      checked={state === 'all'}
      indeterminate={state === 'some'}
      onChange={() => onChosen(toggleBit(modes, chosen, bit))}
    />
  );
}

function ModeTable(props: BitsProps) {
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
                <Bit
                  {...props}
                  bit={bit << shift}
                  data-autofocus={shift === 6 && bit === 4 ? true : undefined}
                  aria-label={`${label}: ${right}`}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ModeField({ modes, chosen, onChosen, onEnter }: BitsProps & { onEnter: () => void }) {
  const common = commonMode(modes, chosen);
  const [typed, setTyped] = useState<string | null>(null);
  const isValid = typed === null || typed === '' || readTypedMode(typed) !== null;
  return (
    <TextInput
      label="As in chmod"
      w={120}
      maxLength={4}
      placeholder={common === null ? 'various' : undefined}
      value={typed ?? writeMode(common)}
      error={isValid ? undefined : 'Three or four digits from 0 to 7.'}
      onBlur={() => isValid && setTyped(null)}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        const next = readTypedMode(value);
        if (next) onChosen(next);
      }}
      onKeyDown={(event) => event.key === 'Enter' && isValid && onEnter()}
    />
  );
}

/** Sets who may read, write and run what is chosen. What is not touched stays as each file has it. */
export function ModeDialog({ ask }: { ask: ModeAsk }) {
  const [chosen, setChosen] = useState(nothingChosen);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const common = commonMode(ask.modes, chosen);
  const save = async () => {
    setBusy(true);
    try {
      if (chosen.mask !== 0) await ask.run(chosen);
      ui.closeDialog();
    } catch (failure) {
      setError(AppError.from(failure));
      setBusy(false);
    }
  };
  const bits = { modes: ask.modes, chosen, onChosen: setChosen };
  return (
    <Dialog
      title="Permissions"
      subtitle={describeEntries(ask.names, displayName)}
      icon={IconLock}
      size={520}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="mono text-tertiary grow">{common !== null && formatMode(common)}</span>
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button variant="filled" loading={busy} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <ModeTable {...bits} />
      {ask.modes.length > 1 && (
        <p className="text-sm text-tertiary">
          A dash means that some of them have it. What you do not change stays as it is in each.
        </p>
      )}
      <div className={css.special}>
        {special.map(({ label, bit }) => (
          <Bit key={bit} {...bits} bit={bit} label={label} />
        ))}
      </div>
      <ModeField {...bits} onEnter={() => void save()} />
      {error && <ErrorNote error={error.serialize()} alert />}
    </Dialog>
  );
}
