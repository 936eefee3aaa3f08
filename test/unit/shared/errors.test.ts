import { expect, test } from 'vitest';
import { serializedErrorSchema } from '../../../electron/shared/error-schemas.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { describeReason, jobStatusSchema, unknownJob } from '../../../electron/shared/instances.ts';
import { message } from '../../../electron/shared/messages.ts';

test('a message keeps its sentence and its values apart', () => {
  const said = message`There is no queue named ${{ queue: 'gpu' }} on ${'login1'}, ${3} others are there.`;
  expect(said.id).toBe('There is no queue named {queue} on {1}, {2} others are there.');
  expect(said.values).toEqual({ queue: 'gpu', 1: 'login1', 2: 3 });
  expect(said.text).toBe('There is no queue named gpu on login1, 3 others are there.');
});

test('a slot without exactly one value is refused', () => {
  expect(() => message`${{}}`).toThrow(TypeError);
  expect(() => message`${{ a: 1, b: 2 }}`).toThrow(TypeError);
});

test('an error keeps code, values, native message and action across a process boundary', () => {
  const error = new AppError('queue-unknown', message`There is no queue named ${{ queue: 'gpu' }}.`, {
    hint: message`Queues there: ${{ queues: 'cpu, debug' }}.`,
    detail: 'sbatch: error: invalid partition specified: gpu',
    action: { kind: 'copy-command', text: 'sinfo' },
  });
  const wire = serializedErrorSchema.parse(JSON.parse(JSON.stringify(error.serialize())));
  const revived = AppError.revive(wire);
  expect(revived.message).toBe('There is no queue named gpu.');
  expect(revived.hint).toBe('Queues there: cpu, debug.');
  expect(revived.values).toEqual({ queue: 'gpu' });
  expect(revived.action).toEqual({ kind: 'copy-command', text: 'sinfo' });
  expect(revived.serialize()).toEqual(error.serialize());
});

test('an error that an older version stored is read unchanged', () => {
  const stored = { code: 'job-failed', message: 'Sums failed.', hint: 'Look at its log.', detail: 'Killed' };
  const revived = AppError.revive(serializedErrorSchema.parse(stored));
  expect(revived.serialize()).toEqual(stored);
  expect(revived.values).toEqual({});
});

test('an error with other options keeps its sentence', () => {
  const error = new AppError('conflict', message`It runs on ${{ node: 'n1' }}.`, { detail: 'one', hint: 'Wait.' });
  const changed = error.with({ detail: 'two' });
  expect(changed.serialize()).toEqual({ ...error.serialize(), detail: 'two' });
});

test('a job that an older version stored has its one reason', () => {
  const { nativeReason, ...stored } = { ...unknownJob('7'), reason: 'waiting for enough free resources (Resources)' };
  expect(nativeReason).toBe('');
  expect(describeReason(jobStatusSchema.parse(stored))).toBe('waiting for enough free resources (Resources)');
});
