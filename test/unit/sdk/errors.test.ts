import { expect, test } from 'vitest';
import { AppError, errorCodes } from '../../../electron/shared/errors.ts';
import { message } from '../../../electron/shared/messages.ts';
import { asTunelError, reviveError } from '../../../sdk/error-conversion.ts';
import * as errors from '../../../sdk/errors.ts';

test('each code has a class that is named after it', () => {
  for (const code of errorCodes) {
    const parts = code.split('-').map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`);
    expect(asTunelError(new AppError(code, 'Failed.')), code).toMatchObject({ name: `${parts.join('')}Error`, code });
  }
});

test('an error keeps what the engine said', () => {
  const given = new AppError('queue-unknown', message`There is no queue “${{ queue: 'gpu' }}” here.`, {
    hint: 'Queues: cpu.',
    detail: 'sbatch: invalid partition',
  });
  expect(reviveError(given.serialize())).toMatchObject({
    name: 'QueueUnknownError',
    message: 'There is no queue “gpu” here.',
    hint: 'Queues: cpu.',
    detail: 'sbatch: invalid partition',
    values: { queue: 'gpu' },
    fields: [],
  });
  expect(asTunelError(new Error('odd'))).toBeInstanceOf(errors.InternalError);
  expect(asTunelError(new DOMException('gone', 'AbortError'))).toBeInstanceOf(errors.CancelledError);
});
