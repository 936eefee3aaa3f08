import { Button, TextInput } from '@mantine/core';
import { type SyntheticEvent, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName, hasOddBytes } from '../../../electron/shared/file-names.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { type NameAsk, ui } from '../../ui-store.ts';
import { nameProblem } from './list-model.ts';

/** How much of a name is selected at first: all but the extension. */
const stemLength = (name: string): number => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? dot : name.length;
};

/** Asks for the name of a file or folder. */
export function NameDialog({ ask }: { ask: NameAsk }) {
  const isOdd = hasOddBytes(ask.value);
  const [name, setName] = useState(isOdd ? displayName(ask.value) : ask.value);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const [isTried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const input = field.current;
    input?.focus();
    input?.setSelectionRange(0, stemLength(input.value));
  }, []);
  const problem = nameProblem(name);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== null || busy) return;
    setBusy(true);
    setError(null);
    try {
      await ask.run(name);
      ui.closeDialog();
    } catch (failure) {
      setError(AppError.from(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={ask.title}
      size={460}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Cancel</Button>
          <Button variant="filled" loading={busy} onClick={submit}>
            {ask.action}
          </Button>
        </>
      }
    >
      <TextInput
        ref={field}
        data-autofocus
        label="Name"
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={isTried && problem}
        description={isOdd ? 'The name now has bytes that are no text; the new one is text.' : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) void submit(event);
        }}
      />
      {error && <ErrorNote error={error.serialize()} alert />}
    </Dialog>
  );
}
