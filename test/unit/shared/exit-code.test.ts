import { expect, test } from 'vitest';
import { signalOfExitCode } from '../../../electron/shared/exit-code-policy.ts';

test.each([
  [137, 128, 9],
  [143, 128, 15],
  [139, 128, 11],
  [162, 128, 34],
  [192, 128, 64],
  [160, 128, null],
  [128, 128, null],
  [193, 128, null],
  [255, 128, null],
  [1, 128, null],
  [271, 256, 15],
  [256, 256, null],
  [265, 256, 9],
])('exit code %d of base %d: signal %s', (code, base, signal) => expect(signalOfExitCode(code, base)).toBe(signal));
