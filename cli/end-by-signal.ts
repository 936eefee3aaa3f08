import { constants } from 'node:os';
import type { Interface } from 'node:readline/promises';

const endingSignals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Calls the listener at the first Ctrl-C or SIGTERM, so that the command can clean up; it then exits with 128 + the number of the signal,
 * however it ends. A second one of its kind ends the process at once.
 * @returns what takes the listener off
 */
export function onEndingSignal(listener: () => void): () => void {
  const stops = endingSignals.map((name) => {
    const onSignal = () => {
      process.exitCode = 128 + constants.signals[name];
      listener();
    };
    process.once(name, onSignal);
    return () => process.off(name, onSignal);
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** A question on a terminal takes the keys for itself; Ctrl-C ends the command all the same. */
export function passCtrlCOn(question: Interface): void {
  question.once('SIGINT', () => {
    question.close();
    process.kill(process.pid, 'SIGINT');
  });
}
