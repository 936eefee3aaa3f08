import { Button, Checkbox, Radio } from '@mantine/core';
import { IconFiles } from '@tabler/icons-react';
import { useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { displayName } from '../../../electron/shared/file-names.ts';
import type { ConflictChoice, ConflictQuestion, DescribedFile, Transfer } from '../../../electron/shared/transfers.ts';
import { invoke } from '../../bridge.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useStore } from '../../store.ts';
import { formatFileSize } from '../../text/size.ts';
import { formatFileTime } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import css from './conflict-dialog.module.css';

const choices: readonly { value: ConflictChoice; label: string; text: string }[] = [
  {
    value: 'newer',
    label: 'Replace older files',
    text: 'Those that are the same age or newer there stay as they are.',
  },
  { value: 'replace', label: 'Replace all', text: 'The ones that are there now are gone.' },
  { value: 'rename', label: 'Keep both', text: 'The copies get a number, for example run-11 (2).h5.' },
  { value: 'skip', label: 'Skip all', text: 'Nothing that is there changes.' },
];

function FileText({ file, isNewer, now }: { file: DescribedFile; isNewer: boolean; now: number }) {
  return (
    <>
      {isNewer && <strong className="medium">newer, </strong>}
      {file.size !== null && `${formatFileSize(file.size)}, `}
      {formatFileTime(file.modified, now)}
    </>
  );
}

function ConflictTable({
  question,
  isChosen,
  onChoose,
}: {
  question: ConflictQuestion;
  /** null: the answer is for all. */
  isChosen: ReadonlySet<string> | null;
  onChoose: (path: string) => void;
}) {
  const now = Date.now();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={css.box} tabIndex={0}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">New</th>
            <th scope="col">There already</th>
          </tr>
        </thead>
        <tbody>
          {question.files.map(({ path, source, target }) => (
            <tr key={path}>
              <th scope="row">
                {isChosen === null ? (
                  <span className="truncate" title={displayName(path)}>
                    {displayName(path)}
                  </span>
                ) : (
                  <Checkbox label={displayName(path)} checked={isChosen.has(path)} onChange={() => onChoose(path)} />
                )}
              </th>
              <td>
                <FileText file={source} isNewer={source.modified > target.modified} now={now} />
              </td>
              <td>
                <FileText file={target} isNewer={target.modified > source.modified} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The answer to a question: for all files, or for those that are chosen one by one. */
function useAnswer(id: string, question: ConflictQuestion) {
  const [choice, setChoice] = useState<ConflictChoice>('newer');
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = async (work: () => Promise<unknown>, isLast: boolean) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      if (isLast) ui.closeDialog();
      setChosen((old) => old && new Set());
    } catch (failure) {
      setError(AppError.from(failure));
    }
    setBusy(false);
  };
  return {
    choice,
    setChoice,
    chosen,
    busy,
    error,
    chooseOneByOne: () => setChosen(chosen === null ? new Set() : null),
    toggle: (path: string) =>
      setChosen((old) => {
        const next = new Set(old);
        if (!next.delete(path)) next.add(path);
        return next;
      }),
    send: () =>
      run(
        () => invoke('transfers.answerConflict', { id, choice, ...(chosen !== null && { paths: [...chosen] }) }),
        chosen === null || chosen.size === question.count,
      ),
    cancel: () => run(() => invoke('transfers.cancel', { id }), true),
  };
}

function Choices({ choice, onChoice }: { choice: ConflictChoice; onChoice: (choice: ConflictChoice) => void }) {
  return (
    <Radio.Group
      aria-label="What happens to them"
      value={choice}
      onChange={(value) => onChoice(choices.find((each) => each.value === value)?.value ?? 'newer')}
    >
      <div className={css.choices}>
        {choices.map(({ value, label, text }) => (
          <Radio
            key={value}
            value={value}
            label={label}
            description={text}
            data-autofocus={value === choice ? true : undefined}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

function Question({ transfer, question }: { transfer: Transfer; question: ConflictQuestion }) {
  const answer = useAnswer(transfer.id, question);
  const { chosen, error } = answer;
  const more = question.count - question.files.length;
  return (
    <Dialog
      title={
        question.count === 1
          ? 'A file already exists'
          : `${question.count} of ${transfer.files.total} files already exist`
      }
      subtitle={`in ${displayName(transfer.destination)}. The others are being copied.`}
      icon={IconFiles}
      tone="wait"
      size={640}
      onClose={ui.closeDialog}
      footer={
        <>
          {question.count > 1 && more === 0 && (
            <Button variant="subtle" onClick={answer.chooseOneByOne}>
              {chosen === null ? 'Choose one by one' : 'Answer for all'}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={answer.cancel}>Cancel transfer</Button>
          <Button variant="filled" loading={answer.busy} disabled={chosen?.size === 0} onClick={answer.send}>
            Continue
          </Button>
        </>
      }
    >
      <ConflictTable question={question} isChosen={chosen} onChoose={answer.toggle} />
      {more > 0 && <p className="text-sm text-tertiary">and {more} more</p>}
      <Choices choice={answer.choice} onChoice={answer.setChoice} />
      {error && <ErrorNote error={error.serialize()} alert />}
    </Dialog>
  );
}

/** Asks once about all files that a transfer would replace. */
export function ConflictDialog({ id }: { id: string }) {
  const transfer = useStore((state) => state.transfers.find((each) => each.id === id));
  if (transfer?.question) return <Question transfer={transfer} question={transfer.question} />;
  return (
    <Dialog
      title="Nothing to answer"
      size={420}
      onClose={ui.closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onClick={ui.closeDialog}>Close</Button>
        </>
      }
    >
      <p>This transfer goes on, or is over.</p>
    </Dialog>
  );
}
