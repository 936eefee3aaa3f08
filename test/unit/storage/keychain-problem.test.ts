import { describe, expect, it } from 'vitest';
import {
  classifyKeychainProblem,
  KeychainNotKeptError,
  KeychainTimeoutError,
} from '../../../electron/core/storage/keychain-problem.ts';

describe('why there is no keychain', () => {
  it.each([
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'service-missing'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'service-missing'],
    ['libsecret-1.so.0: cannot open shared object file', 'library-missing'],
    ['Prompt was dismissed', 'locked'],
    ['odd', 'unusable'],
  ])('%j is %s', (output, problem) => expect(classifyKeychainProblem(new Error(output))).toBe(problem));

  it('is known without its message where it is found here', () => {
    expect(classifyKeychainProblem(new KeychainTimeoutError('slow'))).toBe('timed-out');
    expect(classifyKeychainProblem(new KeychainNotKeptError('odd'))).toBe('not-kept');
  });
});
