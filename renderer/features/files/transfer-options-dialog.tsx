import { Button, Checkbox, NumberInput, Select } from '@mantine/core';
import { IconAdjustments, IconGauge } from '@tabler/icons-react';
import { useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { transferOptionsSchema } from '../../../electron/shared/transfers.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useStore } from '../../store.ts';
import { ui } from '../../ui-store.ts';
import { nameOf } from './transfer-model.ts';
import { type ChosenOptions, limitInBytes, limitInMegabytes, useTransferOptions } from './transfer-options.ts';
import css from './transfer-options-dialog.module.css';

const selects = [
  {
    name: 'conflicts',
    label: 'Files that exist already',
    data: [
      { value: 'ask', label: 'Ask once about all of them' },
      { value: 'newer', label: 'Replace older files' },
      { value: 'replace', label: 'Replace all' },
      { value: 'rename', label: 'Keep both' },
      { value: 'skip', label: 'Skip all' },
    ],
  },
  {
    name: 'changedOnly',
    label: 'Files that have not changed',
    data: [
      { value: 'no', label: 'Treat them as any file that exists' },
      { value: 'time', label: 'Skip those of the same size and time' },
      { value: 'hash', label: 'Skip those of the same content (slower)' },
    ],
  },
  {
    name: 'links',
    label: 'Symbolic links',
    data: [
      { value: 'keep', label: 'Copy as links' },
      { value: 'follow', label: 'Copy what they point to' },
      { value: 'skip', label: 'Leave out' },
    ],
  },
] as const;

function LimitInput(props: { label: string; value: number | string; onChange: (value: number | string) => void }) {
  return (
    <NumberInput
      {...props}
      description="In MB per second. Empty for no limit."
      min={0}
      max={100_000}
      allowNegative={false}
      decimalScale={3}
      suffix=" MB/s"
    />
  );
}

/** Runs what the dialog saves, and closes it. */
function useSave() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const save = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      ui.closeDialog();
    } catch (failure) {
      setError(AppError.from(failure));
      setBusy(false);
    }
  };
  return { busy, error, save };
}

function Footer({ busy, onSave }: { busy: boolean; onSave: () => void }) {
  return (
    <>
      <span className="grow" />
      <Button onClick={ui.closeDialog}>Cancel</Button>
      <Button variant="filled" loading={busy} onClick={onSave}>
        Save
      </Button>
    </>
  );
}

/** How the next transfers go, and how fast all of them may. */
export function TransferOptionsDialog() {
  const saved = useStore((state) => state.settings.transferLimit);
  const [options, setOptions] = useState<ChosenOptions>(useTransferOptions.getState);
  const [limit, setLimit] = useState<number | string>(limitInMegabytes(saved));
  const { busy, error, save } = useSave();
  const onSave = () =>
    save(async () => {
      const bytes = limitInBytes(limit);
      if (bytes !== saved) await invoke('transfers.setLimit', { limit: bytes });
      useTransferOptions.setState(options);
    });
  const change = (name: string, value: unknown) =>
    setOptions((old) => transferOptionsSchema.parse({ ...old, [name]: value }));
  return (
    <Dialog
      title="Transfer options"
      subtitle="For transfers that you start from now on. The limit applies to all of them at once."
      icon={IconAdjustments}
      size={480}
      onClose={ui.closeDialog}
      footer={<Footer busy={busy} onSave={onSave} />}
    >
      <div className={css.fields}>
        {selects.map(({ name, label, data }, at) => (
          <Select
            key={name}
            label={label}
            data={[...data]}
            value={options[name]}
            allowDeselect={false}
            data-autofocus={at === 0 ? true : undefined}
            onChange={(value) => change(name, value ?? options[name])}
          />
        ))}
        <Checkbox
          label="Verify checksums"
          description="Each copy is read again and compared with its source before it gets its name."
          checked={options.verify}
          onChange={(event) => change('verify', event.currentTarget.checked)}
        />
        <LimitInput label="Limit of all transfers" value={limit} onChange={setLimit} />
      </div>
      {error && <ErrorNote error={error.serialize()} alert />}
    </Dialog>
  );
}

/** How fast one transfer may go. */
export function TransferLimitDialog({ id }: { id: string }) {
  const transfer = useStore((state) => state.transfers.find((each) => each.id === id));
  const [limit, setLimit] = useState<number | string>(limitInMegabytes(transfer?.options.limit ?? 0));
  const { busy, error, save } = useSave();
  return (
    <Dialog
      title="Limit this transfer"
      subtitle={transfer && nameOf(transfer)}
      icon={IconGauge}
      size={400}
      onClose={ui.closeDialog}
      footer={
        <Footer
          busy={busy}
          onSave={() => save(() => invoke('transfers.setLimit', { id, limit: limitInBytes(limit) }))}
        />
      }
    >
      <LimitInput label="Limit" value={limit} onChange={setLimit} />
      {error && <ErrorNote error={error.serialize()} alert />}
    </Dialog>
  );
}
