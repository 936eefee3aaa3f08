import { createInterface } from 'node:readline/promises';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onEndingSignal, passCtrlCOn } from '../../../cli/end-by-signal.ts';
import { runAction } from '../../../cli/output.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let before: typeof process.exitCode;
beforeEach(() => {
  before = process.exitCode;
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = before;
  vi.restoreAllMocks();
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a command with %i, whether that succeeds, fails or is cancelled by it', async (signal, code) => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const outcomes = [null, new AppError('cancelled', 'Interrupted.'), new AppError('connection-lost', 'Lost.')];
  for (const outcome of outcomes) {
    process.exitCode = undefined;
    const heard = vi.fn();
    await runAction({}, async () => {
      const stop = onEndingSignal(heard);
      process.emit(signal);
      stop();
      if (outcome) throw outcome;
    });
    expect([heard.mock.calls.length, process.exitCode]).toEqual([1, code]);
  }
});

test('without a signal a failure has its own code, and no listener is left', async () => {
  const count = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
  const listening = count();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await runAction({}, async () => {
    onEndingSignal(() => undefined)();
    throw new AppError('sign-in-needed', 'Who are you?');
  });
  expect([process.exitCode, count()]).toEqual([3, listening]);
});

test('Ctrl-C at a question ends the command, and the terminal is given back first', async () => {
  const terminal = createInterface({ input: new PassThrough(), output: new PassThrough(), terminal: true });
  const order: string[] = [];
  vi.spyOn(process, 'kill').mockImplementation((_pid, signal) => {
    order.push(String(signal));
    return true;
  });
  terminal.once('close', () => order.push('close'));
  passCtrlCOn(terminal);
  terminal.write(null, { ctrl: true, name: 'c' });
  expect(order).toEqual(['close', 'SIGINT']);
});
