import { AppError } from '../../electron/shared/errors.ts';
import type { ToPage } from '../../electron/shared/stream-port.ts';

const text = [
  '\x1b]0;user01@login2: ~/run\x07\x1b[1;32muser01@login2\x1b[0m:\x1b[34m~\x1b[0m$ sinfo -s',
  'PARTITION AVAIL  TIMELIMIT   NODES(A/I/O/T) NODELIST',
  'normal*      up 2-00:00:00      112/14/2/128 c[1-128]',
  'gpu          up 1-00:00:00          7/1/0/8 g[1-8]',
  '\x1b[1;32muser01@login2\x1b[0m:\x1b[34m~\x1b[0m$ make 2>&1 | tail -2',
  '\x1b[31merror:\x1b[0m undefined reference to `sgemm_`',
  'see https://docs.example.org/errors/sgemm for what this means',
  '\x1b[33mwarning:\x1b[0m 1 file was \x1b[35mnot\x1b[0m built; see \x1b[36mmake.log\x1b[0m',
  '\x1b[1;32muser01@login2\x1b[0m:\x1b[34m~\x1b[0m$ ',
].join('\r\n');

/** A shell that has said something; on the cluster "pool" it has ended, and an app's cannot be opened. */
export function answerTerminal(input: unknown, say: (message: ToPage) => void): void {
  const { target } = input as { target: { clusterId?: string; appId?: string } };
  if (target.appId !== undefined) {
    const error = new AppError('conflict', 'RStudio does not run yet.', { hint: 'See what it waits for on its card.' });
    say({ kind: 'failed', error: error.serialize() });
    return;
  }
  say({ kind: 'opened', value: {} });
  say({ kind: 'bytes', bytes: new TextEncoder().encode(text) });
  if (target.clusterId === 'pool') say({ kind: 'closed', value: { code: 3, signal: null } });
}
