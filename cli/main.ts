import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { dataDirectory } from '../electron/client/data-directory.ts';
import { version } from './version.ts';

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  endWithReader();
  cacheCompiledCode();
  const { runCommandLine } = await import('./command-line.ts');
  await runCommandLine(argv);
}

/** As SIGPIPE does in other programs: whoever read the output has gone, e.g. `| head`. A command that cares listens itself. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (process.stdout.listenerCount('error') === 1) process.exit(128 + constants.signals.SIGPIPE);
  });
}

/** From Node 22 on. In the data directory, since other users could write to a cache in the system's temporary directory. */
function cacheCompiledCode(): void {
  const data = dataDirectory();
  if (!('enableCompileCache' in module) || typeof module.enableCompileCache !== 'function' || !existsSync(data)) return;
  module.enableCompileCache(join(data, 'compile-cache'));
}
