import { useEffect, useRef, useState } from 'react';

interface Question {
  busy: boolean;
  /** Resolves with null when another question, `stop` or the end of the page came before the answer. */
  ask<T>(work: (signal: AbortSignal) => Promise<T>, late?: (answer: T) => void): Promise<T | null>;
  stop(): void;
}

/**
 * One question at a time to the engine: the next one, or leaving the page, cancels it, and an answer that comes even so is
 * given to `late` alone.
 */
export function useQuestion(): Question {
  const running = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);
  const stop = () => {
    const asked = running.current;
    if (asked === null) return;
    running.current = null;
    setBusy(false);
    asked.abort();
  };
  const leave = useRef(stop);
  leave.current = stop;
  useEffect(() => () => leave.current(), []);
  return {
    busy,
    stop,
    async ask(work, late) {
      stop();
      const turn = new AbortController();
      running.current = turn;
      setBusy(true);
      const isMine = () => running.current === turn;
      try {
        const answer = await work(turn.signal);
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
