import { useEffect, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { SourceReview } from '../../../electron/shared/sources.ts';
import { invoke } from '../../bridge.ts';
import { useQuestion } from '../../components/use-question.ts';

/** What nobody answers is also forgotten when the engine ends, so a failure here matters to nobody. */
function drop(key: string | null): void {
  if (key !== null) invoke('sources.discard', { key }).catch(() => undefined);
}

/** A review as it was asked for last. The engine keeps it until it is accepted, or until it is dropped here. */
export function useReview() {
  const [review, setReview] = useState<SourceReview | null>(null);
  const [failure, setFailure] = useState<{ title: string; error: AppError } | null>(null);
  const [accepting, setAccepting] = useState(false);
  const question = useQuestion();
  const held = useRef<string | null>(null);
  useEffect(
    () => () => {
      drop(held.current);
      held.current = null;
    },
    [],
  );
  const forget = () => {
    drop(held.current);
    held.current = null;
    question.stop();
    setReview(null);
    setFailure(null);
  };
  return {
    review,
    failure,
    looking: question.busy,
    accepting,
    forget,
    async look(asked: { id: string } | { url: string; ref: string }): Promise<void> {
      forget();
      try {
        const found = await question.ask(
          (signal) => invoke('sources.review', asked, signal),
          (late) => drop(late.key),
        );
        if (!found) return;
        held.current = found.key;
        setReview(found);
      } catch (error) {
        setFailure({ title: 'The recipes were not read', error: AppError.from(error) });
      }
    },
    /** Resolves with whether the recipes are used now. */
    async accept(): Promise<boolean> {
      const key = held.current;
      if (key === null) return false;
      held.current = null;
      setAccepting(true);
      try {
        await invoke('sources.accept', { key });
        return true;
      } catch (error) {
        setReview(null);
        setFailure({ title: 'The recipes are not used', error: AppError.from(error) });
        return false;
      } finally {
        setAccepting(false);
      }
    },
  };
}
