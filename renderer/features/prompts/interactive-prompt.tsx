import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { IconDeviceMobile, IconLock } from '@tabler/icons-react';
import type { ChangeEvent, KeyboardEvent } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import { askingHost, hopTitle } from '../../text/prompt.ts';
import css from './interactive-prompt.module.css';
import { type InteractiveAnswer, type InteractiveQuestion, useInteractiveAnswer } from './use-interactive-answer.ts';

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

function DialogFooter({ prompt, form }: { prompt: InteractiveQuestion; form: InteractiveAnswer }) {
  return (
    <>
      <span className="row text-sm text-tertiary grow">
        <IconLock size={14} stroke={stroke} aria-hidden /> Codes are never stored
      </span>
      <Button onClick={form.cancel}>Cancel</Button>
      <Button variant="filled" loading={form.isBusy} onClick={form.submit}>
        {prompt.fields.length === 0 ? 'Continue' : 'Sign in'}
      </Button>
    </>
  );
}

function QuestionText({ prompt }: { prompt: InteractiveQuestion }) {
  const text = questionOf(prompt);
  if (text === '') return null;
  return (
    <div className={surface.well}>
      <div className="text-xs text-tertiary">The cluster asks, in its own words</div>
      <pre className={`${css.question} mono`}>{text}</pre>
    </div>
  );
}

/** A round of questions in the cluster's own words, with a button for each option found in them. */
export function InteractivePrompt({ prompt }: { prompt: InteractiveQuestion }) {
  const form = useInteractiveAnswer(prompt);
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
      onClose={form.cancel}
      footer={<DialogFooter prompt={prompt} form={form} />}
    >
      {prompt.wrong > 0 && (
        <Note tone="bad" role="alert">
          <strong className="bold">Not accepted.</strong> The cluster refused the last answer; try again.
        </Note>
      )}
      <QuestionText prompt={prompt} />
      <Options options={prompt.options} isDisabled={form.isBusy} onChoose={form.choose} />
      {prompt.fields.map((field, index) => (
        <AnswerField
          // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place in the round
          key={index}
          field={field}
          value={form.values[index] ?? ''}
          isFirst={index === 0}
          onChange={(value) => form.setValue(index, value)}
          onSubmit={form.submit}
        />
      ))}
      {prompt.options.length > 0 && (
        <Checkbox
          label={`Always use this option for ${prompt.clusterName}`}
          description="Only when you choose one of its options, never for a code."
          checked={form.isAlways}
          onChange={(event) => form.setAlways(event.currentTarget.checked)}
        />
      )}
      {form.error && <ErrorNote error={form.error} alert />}
    </Dialog>
  );
}
