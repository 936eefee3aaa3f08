import type { Shell } from '../../electron/core/ssh/types.ts';
import { runCommand } from './clusters.ts';

/** This machine's own sh: a place without any scheduler. */
export const localShell: Shell = {
  async run(script, { signal } = {}) {
    const { stdout, stderr, code } = await runCommand('sh', ['-s'], { input: script, check: false, signal });
    return { stdout, stderr, exitCode: code };
  },
};
