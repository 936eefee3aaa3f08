import type { Shell } from '../../electron/core/ssh/types.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { type ClusterInfo, ssh } from './clusters.ts';
import { PATIENCE_MS } from './patience.ts';

/** A shell over the system's ssh: a real connection, for tests of what runs at its other end. Counts its runs. */
export interface SshShell extends Shell {
  runs(): number;
}

export function sshShell(cluster: ClusterInfo, node: string, user = 'ada'): SshShell {
  let runs = 0;
  return {
    runs: () => runs,
    async run(script, options = {}) {
      runs += 1;
      const limit = AbortSignal.timeout(options.timeoutMs ?? PATIENCE_MS);
      const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
      try {
        const key = cluster.keys[user];
        if (!key) throw new Error(`cluster ${cluster.name} has no key for ${user}`);
        const args = ['-l', user, '-i', key, node, 'exec /bin/sh -s'];
        const result = await ssh(cluster, args, { input: script, check: false, signal });
        return { stdout: result.stdout, stderr: result.stderr, exitCode: result.code };
      } catch (error) {
        if (limit.aborted) throw new AppError('timeout', 'The script took too long.', { cause: error });
        throw AppError.from(error);
      }
    },
  };
}
