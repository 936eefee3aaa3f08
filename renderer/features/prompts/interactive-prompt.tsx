import { Button, Checkbox, PasswordInput, TextInput } from '@mantine/core';
import { IconDeviceMobile, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { stroke } from '../../components/icons.tsx';
import { Note } from '../../components/note.tsx';
import surface from '../../components/surface.module.css';
import css from './interactive-prompt.module.css';
import { useAnswer } from './use-answer.ts';

const fieldLabel = (text: string) => text.trim().split('\n').at(-1)?.replace(/:\s*$/, '').trim() || 'Answer';

/** A round of questions in the cluster's own words, with a button for each option found in them. */
export function InteractivePrompt({ prompt }: { prompt: Extract<Prompt, { kind: 'interactive' }> }) {
  const [values, setValues] = useState<string[]>(() => prompt.fields.map(() => ''));
  const [always, setAlways] = useState(false);
  const { answer, cancel, busy, error } = useAnswer(prompt);
  // Answers of options go where the menu is asked: the last field.
  const menuAt = prompt.fields.length - 1;
  const first = prompt.options[0];
  const long = prompt.options.some((option) => option.label.length > 12);
  const submit = (given: string[]) => {
    const reply = given[menuAt]?.trim() ?? '';
    const isOption = prompt.options.some((option) => option.reply === reply);
    void answer({ kind: 'interactive', values: given, ...(always && isOption ? { alwaysReply: reply } : {}) });
  };
  const choose = (reply: string) => submit(values.map((value, index) => (index === menuAt ? reply : value)));
  const question = [prompt.name, prompt.instructions, ...prompt.fields.map((field) => field.text)]
    .filter((text, index, all) => text.trim() && (index < 2 || all.length > 3 || text.includes('\n')))
    .join('\n')
    .trim();
  return (
    <Dialog
      title={prompt.round > 1 ? `Next step for ${prompt.clusterName}` : `Sign in to ${prompt.clusterName}`}
      subtitle={
        <>
          Step {prompt.round}, as <span className="mono">{prompt.subject}</span>
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
      {prompt.options.length > 0 && (
        <fieldset className={long ? `${css.options} ${css.long}` : css.options} aria-label="Options of the cluster">
          {prompt.options.map((option) => (
            <Button key={option.reply} disabled={busy} title={option.label} onClick={() => choose(option.reply)}>
              <span className="truncate">
                {option.reply} {option.label}
              </span>
            </Button>
          ))}
        </fieldset>
      )}
      {prompt.fields.map((field, index) => {
        const common = {
          label: fieldLabel(field.text),
          value: values[index] ?? '',
          'data-autofocus': index === 0 || undefined,
          onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
            const { value } = event.currentTarget;
            setValues((last) => last.map((old, at) => (at === index ? value : old)));
          },
          onKeyDown: (event: React.KeyboardEvent) => {
            if (event.key === 'Enter') submit(values);
          },
        };
        return field.echo ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place in the round
          <TextInput key={index} {...common} autoComplete="one-time-code" spellCheck={false} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place in the round
          <PasswordInput key={index} {...common} autoComplete="one-time-code" />
        );
      })}
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
