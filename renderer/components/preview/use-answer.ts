import { useEffect, useState } from 'react';
import { AppError, type SerializedError } from '../../../electron/shared/errors.ts';

export type Answer<Value> =
  | { kind: 'loading' }
  | { kind: 'failed'; error: SerializedError }
  | { kind: 'done'; value: Value };

/** What a question is answered with; `ask` stays the same for the same question. */
export function useAnswer<Value>(ask: (signal: AbortSignal) => Promise<Value>): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({ kind: 'loading' });
  useEffect(() => {
    const life = new AbortController();
    setAnswer({ kind: 'loading' });
    ask(life.signal).then(
      (value) => !life.signal.aborted && setAnswer({ kind: 'done', value }),
      (error) => !life.signal.aborted && setAnswer({ kind: 'failed', error: AppError.from(error).serialize() }),
    );
    return () => life.abort(new AppError('cancelled', 'Another file is shown.'));
  }, [ask]);
  return answer;
}
