import { Button } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useState } from 'react';
import { displayName } from '../../../../electron/shared/file-names.ts';
import { count } from '../../../../electron/shared/format.ts';
import bullets from '../../../components/bullet-list.module.css';
import { Dialog } from '../../../components/dialog.tsx';
import { type UnsavedReason, ui } from '../../../ui-store.ts';
import { baseOf } from '../places.ts';
import { dropFile, saveFile } from './edit-file.ts';
import { openFileOf } from './editing-store.ts';

const keepLabels: Readonly<Record<UnsavedReason, string>> = {
  close: 'Keep editing',
  leave: 'Keep it open',
  quit: 'Keep the window open',
};

/** Asks what becomes of changes that are not saved. */
export function UnsavedDialog({ keys, reason }: { keys: readonly string[]; reason: UnsavedReason }) {
  const [busy, setBusy] = useState(false);
  const names = keys.flatMap((key) => openFileOf(key)?.path ?? []);
  const title =
    names.length === 1
      ? `${displayName(baseOf(names[0] ?? ''))} has changes that are not saved`
      : `${count(names.length, 'file')} have changes that are not saved`;
  const discard = () => {
    ui.closeDialog();
    keys.forEach(dropFile);
    if (reason === 'quit') window.close();
  };
  const save = async () => {
    setBusy(true);
    ui.closeDialog();
    const saved = await Promise.all(keys.map((key) => saveFile(key)));
    if (reason === 'close') keys.filter((_key, index) => saved[index]).forEach(dropFile);
    if (reason === 'quit' && saved.every(Boolean)) window.close();
  };
  return (
    <Dialog
      title={title}
      icon={IconDeviceFloppy}
      tone="wait"
      size={520}
      onClose={ui.closeDialog}
      footer={
        <>
          <Button data-danger onClick={discard}>
            Discard
          </Button>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>{keepLabels[reason]}</Button>
          <Button variant="filled" loading={busy} onClick={save} data-autofocus>
            {names.length === 1 ? 'Save' : 'Save all'}
          </Button>
        </>
      }
    >
      {names.length === 1 ? (
        <p className="text-secondary">{displayName(names[0] ?? '')}</p>
      ) : (
        <ul className={bullets.list}>
          {names.map((name) => (
            <li key={name}>{displayName(name)}</li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
