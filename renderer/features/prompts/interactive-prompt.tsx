import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { IconDeviceMobile, IconLock } from '@tabler/icons-react';
import { type ChangeEvent, type KeyboardEvent, useState } from 'react';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import { askingHost, hopTitle } from '../../text/prompt.ts';
import css from './interactive-prompt.module.css';
import { useAnswer } from './use-answer.ts';

type InteractiveQuestion = Extract<Prompt, { kind: 'interactive' }>;

const fieldLabel = (text: string) => text.trim().split('\n').at(-1)?.replace(/:\s*$/, '').trim() || 'Answer';

/** The cluster's own text, without what the labels of single fields repeat. */
const questionOf = ({ name, instructions, fields }: InteractiveQuestion): string =>
  [name, instructions, ...fields.map((field) => field.text)]
    .filter((text, index, all) => text.trim() && (index < 2 || all.length > 3 || text.includes('\n')))
    .join('\n')
    .trim();

function Options(props: {
  options: InteractiveQuestion['options'];
  isDisabled: boolean;
  onChoose: (reply: string) => void;
}) {
  const { options } = props;
  if (options.length === 0) return null;
  const isLong = options.some((option) => option.label.length > 12);
  return (
    <fieldset className={isLong ? `${css.options} ${css.long}` : css.options} aria-label="Options of the cluster">
      {options.map(({ reply, label }) => (
        <Button key={reply} disabled={props.isDisabled} title={label} onClick={() => props.onChoose(reply)}>
          <span className="truncate">
            {reply} {label}
          </span>
        </Button>
      ))}
    </fieldset>
  );
}

function AnswerField(props: {
  field: InteractiveQuestion['fields'][number];
  value: string;
  isFirst: boolean;
  onChange: (value: string) => void;
  onSubmit: () => void;
}) {
  const common = {
    label: fieldLabel(props.field.text),
    value: props.value,
    'data-autofocus': props.isFirst || undefined,
    autoComplete: 'one-time-code',
    onChange: (event: ChangeEvent<HTMLInputElement>) => props.onChange(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter') props.onSubmit();
    },
  };
  return props.field.echo ? <TextInput {...common} spellCheck={false} /> : <PasswordInput {...common} />;
}

/** A round of questions in the cluster's own words, with a button for each option found in them. */
export function InteractivePrompt({ prompt }: { prompt: InteractiveQuestion }) {
  const [values, setValues] = useState<string[]>(() => prompt.fields.map(() => ''));
  const [always, setAlways] = useState(false);
  const { answer, cancel, busy, error } = useAnswer(prompt);
  // Answers of options go where the menu is asked: the last field.
  const menuAt = prompt.fields.length - 1;
  const first = prompt.options[0];
  const submit = (given: string[]) => {
    const reply = given[menuAt]?.trim() ?? '';
    const isOption = prompt.options.some((option) => option.reply === reply);
    void answer({ kind: 'interactive', values: given, ...(always && isOption ? { alwaysReply: reply } : {}) });
  };
  const choose = (reply: string) => submit(values.map((value, index) => (index === menuAt ? reply : value)));
  const question = questionOf(prompt);
  return (
    <Dialog
      title={prompt.round > 1 ? `Next step for ${askingHost(prompt)}` : `Sign in to ${askingHost(prompt)}`}
      subtitle={
        <>
          {prompt.hop && `${hopTitle(prompt)}, `}
          {prompt.hop ? 'step' : 'Step'} {prompt.round}, as <span className="mono">{prompt.subject}</span>
        </>
      }
      icon={IconDeviceMobile}
      tone="wait"
      size={480}
      firm
      onClose={cancel}
      footer={
        <>
          <span className="row text-sm text-tertiary grow">
            <IconLock size={14} stroke={stroke} aria-hidden /> Codes are never stored
          </span>
          <Button onClick={cancel}>Cancel</Button>
          <Button variant="filled" loading={busy} onClick={() => submit(values)}>
            {prompt.fields.length === 0 ? 'Continue' : 'Sign in'}
          </Button>
        </>
      }
    >
      {prompt.wrong > 0 && (
        <Note tone="bad" role="alert">
          <strong className="bold">Not accepted.</strong> The cluster refused the last answer; try again.
        </Note>
      )}
      {question && (
        <div className={surface.well}>
          <div className="text-xs text-tertiary">The cluster asks, in its own words</div>
          <pre className={`${css.question} mono`}>{question}</pre>
        </div>
      )}
      <Options options={prompt.options} isDisabled={busy} onChoose={choose} />
      {prompt.fields.map((field, index) => (
        <AnswerField
          // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place in the round
          key={index}
          field={field}
          value={values[index] ?? ''}
          isFirst={index === 0}
          onChange={(value) => setValues((last) => last.map((old, at) => (at === index ? value : old)))}
          onSubmit={() => submit(values)}
        />
      ))}
      {first && (
        <Checkbox
          label={`Always use this option for ${prompt.clusterName}`}
          description="Only when you choose one of its options, never for a code."
          checked={always}
          onChange={(event) => setAlways(event.currentTarget.checked)}
        />
      )}
      {error && <ErrorNote error={error} alert />}
    </Dialog>
  );
}
