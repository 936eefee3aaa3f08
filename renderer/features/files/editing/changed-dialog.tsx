import { Button, TextInput } from '@mantine/core';
import { IconFileDiff } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import { displayName } from '../../../../electron/shared/file-names.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorNote } from '../../../components/error-note.tsx';
import { splitLineEndings } from '../../../components/text-editor/line-endings.ts';
import { ui } from '../../../ui-store.ts';
import { freeName, nameProblem } from '../list-model.ts';
import { baseOf, joinPath, parentOf } from '../places.ts';
import { keepMine, saveUnder, takeTheirs } from './edit-file.ts';
import { type OpenFile, type TextDocument, useEditing } from './editing-store.ts';
import css from './editor-page.module.css';
import { textDifference } from './text-difference.ts';

function Difference({ document }: { document: TextDocument }) {
  const { theirs, state } = document;
  const found = useMemo(
    () =>
      theirs && theirs !== 'gone' ? textDifference(splitLineEndings(theirs.text).text, state.doc.toString()) : null,
    [theirs, state.doc],
  );
  if (theirs === 'gone') return <p>The file was removed or renamed, or holds no text any more.</p>;
  if (!found) return <p>They differ in too many lines to be shown.</p>;
  if (found.lines.length === 0) return <p>They differ only in their encoding or line endings.</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={css.diff} tabIndex={0} aria-label="The difference: minus is theirs, plus is yours">
        {found.lines.map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one difference never move
          <div key={index} className={kind === 'same' ? undefined : css[kind]}>
            {text}
          </div>
        ))}
      </section>
      {found.left > 0 && <p className="text-sm text-tertiary">and {found.left} more lines</p>}
    </>
  );
}

/** Writes to another file; the dialog closes when it was written. */
function useSaveUnder(key: string) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const save = async (path: string) => {
    setBusy(true);
    setError(null);
    try {
      await saveUnder(key, path);
      ui.closeDialog();
    } catch (failure) {
      setError(AppError.from(failure));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, save };
}

interface FooterProps {
  fileKey: string;
  isGone: boolean;
  onRename: () => void;
}

function AnswerButtons({ fileKey, isGone, onRename }: FooterProps) {
  // The same question may come again at once.
  const answer = (work: (key: string) => unknown) => {
    ui.closeDialog();
    work(fileKey);
  };
  return (
    <>
      <Button variant="subtle" onClick={onRename}>
        Save under another name
      </Button>
      <span className="grow" />
      <Button onClick={ui.closeDialog} data-autofocus>
        Cancel
      </Button>
      {!isGone && <Button onClick={() => answer(takeTheirs)}>Take theirs</Button>}
      <Button variant="filled" onClick={() => answer(keepMine)}>
        {isGone ? 'Write it again' : 'Keep mine'}
      </Button>
    </>
  );
}

function Question({ file, document }: { file: OpenFile; document: TextDocument }) {
  const [name, setName] = useState<string | null>(null);
  const { key, path } = file;
  const { busy, error, save } = useSaveUnder(key);
  const isGone = document.theirs === 'gone';
  const problem = name === null ? null : nameProblem(name);
  const suggested = freeName(baseOf(path), (taken) => taken === baseOf(path));
  return (
    <Dialog
      title={isGone ? 'The file is gone' : 'Somebody else changed the file'}
      subtitle={displayName(path)}
      icon={IconFileDiff}
      tone="wait"
      size={720}
      onClose={ui.closeDialog}
      footer={
        name === null ? (
          <AnswerButtons fileKey={key} isGone={isGone} onRename={() => setName(suggested)} />
        ) : (
          <>
            <span className="grow" />
            <Button onClick={() => setName(null)}>Back</Button>
            <Button
              variant="filled"
              loading={busy}
              disabled={problem !== null}
              onClick={() => save(joinPath(parentOf(path), name))}
            >
              Save
            </Button>
          </>
        )
      }
    >
      <p>{isGone ? 'What you wrote is only here.' : 'Minus is what is there now, plus is what you wrote.'}</p>
      <Difference document={document} />
      {name !== null && (
        <TextInput
          label="Name of the new file"
          autoFocus
          spellCheck={false}
          value={name}
          error={problem}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      {error && <ErrorNote error={error.serialize()} alert />}
    </Dialog>
  );
}

/** Shows what somebody else wrote meanwhile, and asks which of the two stays. */
export function ChangedDialog({ fileKey }: { fileKey: string }) {
  const file = useEditing(({ files }) => files.find(({ key }) => key === fileKey));
  const document = file?.content.kind === 'text' ? file.content : null;
  if (!file || !document) return null;
  return <Question file={file} document={document} />;
}
