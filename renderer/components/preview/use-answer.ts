import { useEffect, useState } from 'react';
import { AppError, type SerializedError } from '../../../electron/shared/errors.ts';

export type Answer<Value> =
  | { kind: 'loading' }
  | { kind: 'failed'; error: SerializedError }
  | { kind: 'done'; value: Value };

/** What a question is answered with; `ask` stays the same for the same question. */
export function useAnswer<Value>(ask: () => Promise<Value>): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({ kind: 'loading' });
  useEffect(() => {
    let isWanted = true;
    setAnswer({ kind: 'loading' });
    ask().then(
      (value) => isWanted && setAnswer({ kind: 'done', value }),
      (error) => isWanted && setAnswer({ kind: 'failed', error: AppError.from(error).serialize() }),
    );
    return () => {
      isWanted = false;
    };
  }, [ask]);
  return answer;
}
