import { useEffect, useId, useRef, useState } from 'react';

export interface Question {
  busy: boolean;
  /** Resolves with null when another question, `stop` or the end of the page came before the answer. */
  ask<T>(work: (key: string) => Promise<T>, late?: (answer: T) => void): Promise<T | null>;
  stop(): void;
}

/**
 * One question at a time to the engine, which knows it by a key: the next one, or leaving the page, cancels it, and an answer
 * that comes even so is given to `late` alone.
 */
export function useQuestion(cancel: (key: string) => Promise<unknown>): Question {
  const key = useId();
  const running = useRef<symbol | null>(null);
  const [busy, setBusy] = useState(false);
  const stop = () => {
    if (running.current === null) return;
    running.current = null;
    setBusy(false);
    // What is cancelled rejects for whoever asked, and that is nobody any more.
    cancel(key).catch(() => undefined);
  };
  const leave = useRef(stop);
  leave.current = stop;
  useEffect(() => () => leave.current(), []);
  return {
    busy,
    stop,
    async ask(work, late) {
      stop();
      const turn = Symbol();
      running.current = turn;
      setBusy(true);
      const isMine = () => running.current === turn;
      try {
        const answer = await work(key);
        if (isMine()) return answer;
        late?.(answer);
        return null;
      } catch (error) {
        if (isMine()) throw error;
        return null;
      } finally {
        if (isMine()) {
          running.current = null;
          setBusy(false);
        }
      }
    },
  };
}
