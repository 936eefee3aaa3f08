import { AppError } from '../../electron/shared/errors.ts';
import type { ToPage } from '../../electron/shared/stream-port.ts';
import type { KeptTerminal } from '../../electron/shared/terminals.ts';

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

export const keptTerminals: KeptTerminal[] = [
  {
    ...{ id: 'aaaaaaaaaa', clusterId: 'slurm', node: 'login2', title: 'slurm', startedAt: Date.now() - 3 * 3_600_000 },
    ...{ running: 'make', isAttached: false },
  },
  {
    ...{ id: 'bbbbbbbbbb', clusterId: 'slurm', node: 'login1', title: 'results of run-2026-11-30 on slurm' },
    ...{ startedAt: Date.now() - 26 * 3_600_000, running: null, isAttached: null },
  },
];

const readInput = (input: unknown) => {
  const { target, keep } = input as {
    target: { clusterId?: string; appId?: string };
    keep?: { title: string };
  };
  return { target, title: keep?.title };
};

/** Another command shows it. */
export function answerAttach(say: (message: ToPage) => void): void {
  say({ kind: 'opened', value: { kept: keptTerminals[0] } });
  say({ kind: 'bytes', bytes: new TextEncoder().encode(text) });
  say({ kind: 'closed', value: { code: null, signal: null, left: 'taken' } });
}

/** A shell that has said something; on the cluster "pool" it has ended, and an app's cannot be opened. */
export function answerTerminal(input: unknown, say: (message: ToPage) => void): void {
  const { target, title } = readInput(input);
  if (target.appId !== undefined) {
    const error = new AppError('conflict', 'RStudio does not run yet.', { hint: 'See what it waits for on its card.' });
    say({ kind: 'failed', error: error.serialize() });
    return;
  }
  const notKept = title === 'demo' ? { reason: 'no-python', detail: '' } : null;
  say({ kind: 'opened', value: { kept: notKept ? null : { ...keptTerminals[0], id: 'cccccccccc' }, notKept } });
  say({ kind: 'bytes', bytes: new TextEncoder().encode(text) });
  if (target.clusterId === 'pool') say({ kind: 'closed', value: { code: 3, signal: null, left: null } });
}
