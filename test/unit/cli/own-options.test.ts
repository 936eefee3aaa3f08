import { expect, test } from 'vitest';
import { separateOwnOptions } from '../../../cli/own-options.ts';
import { createProgram } from '../../../cli/program.ts';

test.each([
  // Nothing of other commands changes.
  ['ps --json', 'ps --json'],
  ['run-app hpc jupyter --interface=lab', 'run-app hpc jupyter --interface=lab'],
  ['', ''],
  // The command's own options are its own, wherever they stand.
  ['exec hpc ls', 'exec -- hpc ls'],
  ['exec hpc ls --tty -l', 'exec -- hpc ls --tty -l'],
  ['exec --tty hpc top', 'exec --tty -- hpc top'],
  ['exec hpc --tty top', 'exec --tty -- hpc top'],
  ['exec hpc -- --help', 'exec -- hpc --help'],
  ['exec --help', 'exec --help --'],
  // So are those of a command of a command.
  ['jobs create --recipe bumps hpc fit --model=film.py', 'jobs create --recipe bumps -- hpc fit --model=film.py'],
  ['jobs rerun abcd --submit', 'jobs rerun abcd --submit'],
  // An app takes the place of the cluster.
  ['exec --app abcd ls --app', 'exec --app abcd -- ls --app'],
  ['exec --app=abcd -- ls', 'exec --app=abcd -- ls'],
  // Options of ours go before the script, what follows it is for it.
  ['run-slurm hpc --time 10 job.sh --time 20', 'run-slurm --time 10 -- hpc job.sh --time 20'],
  ['run-slurm --no-wait hpc job.sh', 'run-slurm --no-wait -- hpc job.sh'],
  ['run-condor hpc - a', 'run-condor -- hpc - a'],
  [
    'run-singularity hpc exec --bind /a:/b docker://busybox ls --bind',
    'run-singularity --bind /a:/b -- hpc exec docker://busybox ls --bind',
  ],
  // What nobody knows before the command begins is left for the error.
  ['run-slurm --tme 10 hpc job.sh', 'run-slurm --tme -- 10 hpc job.sh'],
])('%s', (line, expected) => {
  const words = line.split(' ').filter(Boolean);
  expect(separateOwnOptions(createProgram(), words).join(' ')).toBe(expected);
});
