import { useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Prompt, PromptAnswer } from '../../../electron/shared/prompts.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';

/** Answers a prompt once; it leaves the screen when the engine takes it off its list. */
export function useAnswer(prompt: Prompt) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const answer = async (value: PromptAnswer) => {
    setBusy(true);
    setError(null);
    try {
      await invoke('prompts.answer', { id: prompt.id, answer: value });
    } catch (failure) {
      setError(AppError.from(failure));
      setBusy(false);
    }
  };
  const cancel = () =>
    void attempt(
      'The sign-in was not cancelled',
      invoke('prompts.answer', { id: prompt.id, answer: { kind: 'cancel' } }),
    );
  return { answer, cancel, busy, error };
}
