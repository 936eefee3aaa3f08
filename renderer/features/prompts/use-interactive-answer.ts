import { useState } from 'react';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { useAnswer } from './use-answer.ts';

export type InteractiveQuestion = Extract<Prompt, { kind: 'interactive' }>;

/** The answers to a round of questions while they are typed, and sending them. */
export function useInteractiveAnswer(prompt: InteractiveQuestion) {
  const [values, setValues] = useState<string[]>(() => prompt.fields.map(() => ''));
  const [isAlways, setAlways] = useState(false);
  const { answer, cancel, busy, error } = useAnswer(prompt);
  // The menu is asked in the last field, so the reply of an option belongs there.
  const menuAt = prompt.fields.length - 1;
  const send = (given: string[]) => {
    const reply = given[menuAt]?.trim() ?? '';
    const isOption = prompt.options.some((option) => option.reply === reply);
    void answer({ kind: 'interactive', values: given, ...(isAlways && isOption ? { alwaysReply: reply } : {}) });
  };
  return {
    values,
    setValue: (index: number, value: string) =>
      setValues((last) => last.map((old, at) => (at === index ? value : old))),
    /** Whether a chosen option is to be used from now on without asking. */
    isAlways,
    setAlways,
    submit: () => send(values),
    choose: (reply: string) => send(values.map((value, index) => (index === menuAt ? reply : value))),
    cancel,
    isBusy: busy,
    error,
  };
}

export type InteractiveAnswer = ReturnType<typeof useInteractiveAnswer>;
