import { describe, expect, test } from 'vitest';
import { setField } from '../../../../electron/shared/directives/edit.ts';
import { readFields } from '../../../../electron/shared/directives/fields.ts';
import { gridengineDialect } from '../../../../electron/shared/directives/gridengine.ts';
import { htcondorDialect } from '../../../../electron/shared/directives/htcondor.ts';
import { lsfDialect } from '../../../../electron/shared/directives/lsf.ts';
import { pbsDialect } from '../../../../electron/shared/directives/pbs.ts';
import { readRequest } from '../../../../electron/shared/directives/request.ts';
import { readDirectives } from '../../../../electron/shared/directives/script.ts';
import { slurmDialect } from '../../../../electron/shared/directives/slurm.ts';
import type { Dialect } from '../../../../electron/shared/directives/types.ts';

const keys = (script: string, dialect: Dialect): string[] =>
  readDirectives(script, dialect).flatMap(({ line, directives }) =>
    directives.map(({ key, value }) => `${line}:${key}=${value}`),
  );

describe('reads the directives of', () => {
  test('Slurm in every form, several on a line, up to the first command', () => {
    const script = `#!/bin/bash
# comment
#SBATCH -c 4 --mem=2G -t90   # --nodes=9
#SBATCHES --nodes=8
 #SBATCH --nodes=7
#SBATCH --part=long -A "my lab" --exclusive

#SBATCH --constraint='a|b'
echo begin
#SBATCH --mem=9G
`;
    expect(keys(script.replace(' #SBATCH --nodes=7\n', ''), slurmDialect)).toEqual([
      '2:cpus-per-task=4',
      '2:mem=2G',
      '2:time=90',
      '4:partition=long',
      '4:account=my lab',
      '4:exclusive=null',
      '6:constraint=a|b',
    ]);
    expect(readFields(script, slurmDialect)).toMatchObject({ cpus: 4, memory: 2048, time: 90, nodes: null });
    expect(keys(script, slurmDialect)).toHaveLength(3);
  });

  test('PBS, with lists of resources', () => {
    const script =
      '#PBS -N fit -l select=2:ncpus=4:mem=8gb:mpiprocs=4,walltime=1:30:00\n  #PBS -qlong\nls\n#PBS -q no\n';
    expect(keys(script, pbsDialect)).toEqual([
      '0:-N=fit',
      '0:-l select=2:ncpus=4:mem=8gb:mpiprocs=4',
      '0:-l walltime=1:30:00',
      '1:-q=long',
    ]);
    expect(readFields(script, pbsDialect)).toMatchObject({ nodes: 2, cpus: 4, memory: 8192, time: 90, queue: 'long' });
    const torque = '#PBS -l nodes=2:ppn=8:gpus=1 -l mem=16gb -t 1-9%3\n';
    expect(readFields(torque, pbsDialect)).toMatchObject({ nodes: 2, cpus: 8, gpus: 1, memory: 8192, array: '1-9%3' });
  });

  test('Grid Engine on every line, as qsub does', () => {
    const script =
      '#!/bin/sh\n#$ -cwd -pe smp 4 -l h_rt=1:00:00,h_vmem=2G\necho\n#$ -tc 5 -t 1-20\n#$HOME is no option\n';
    expect(readFields(script, gridengineDialect)).toMatchObject({ cpus: 4, memory: 8192, time: 60, array: '1-20%5' });
    expect(keys(script, gridengineDialect)).toHaveLength(6);
  });

  test('LSF on every line, as bsub does', () => {
    const script = `#BSUB -J "fit[1-9]%2" -W 1:30 -n 8
#BSUB -R "span[ptile=4] rusage[mem=4GB]" -gpu "num=2:mode=shared"
echo
#BSUB -q long
`;
    expect(readFields(script, lsfDialect)).toMatchObject({
      name: 'fit',
      array: '1-9%2',
      time: 90,
      cpus: 4,
      nodes: 2,
      memory: 4096,
      gpus: 2,
      queue: 'long',
    });
  });

  test('an HTCondor submit file', () => {
    const file = '# a file\nrequest_cpus = 4\nRequest_Memory = 2 GB\n+ProjectName = "x"\nqueue 5\n';
    expect(readFields(file, htcondorDialect)).toMatchObject({ cpus: 4, memory: 2048, array: '0-4' });
  });
});

describe('changes a directive where it is', () => {
  const script = `#!/bin/bash\r
#SBATCH -c 4  --mem=2G # both\r
#SBATCH --gres=lustre:1,gpu:a100:1(S:0)\r
# mine\r
#SBATCH --switches=1@10:00\r
\r
srun  x\r
`;
  test('and nothing else', () => {
    expect(setField(script, slurmDialect, 'cpus', 16)).toBe(script.replace('-c 4', '-c 16'));
    expect(setField(script, slurmDialect, 'memory', null)).toBe(script.replace('  --mem=2G', ''));
    expect(setField(script, slurmDialect, 'cpus', null)).toBe(script.replace('-c 4  ', ''));
    expect(setField(script, slurmDialect, 'gpus', 2)).toBe(script.replace('gpu:a100:1(S:0)', 'gpu:a100:2'));
    expect(setField(script, slurmDialect, 'gpus', null)).toBe(script.replace(',gpu:a100:1(S:0)', ''));
  });

  test('or adds one after the last, with the line endings of the script', () => {
    const added = script.replace('10:00\r\n', '10:00\r\n#SBATCH --time=1-02:30:00\r\n');
    expect(setField(script, slurmDialect, 'time', 1590)).toBe(added);
    expect(setField(added, slurmDialect, 'time', null)).toBe(script);
    expect(setField('#!/bin/sh\nls', slurmDialect, 'qos', 'fast')).toBe('#!/bin/sh\n#SBATCH --qos=fast\nls');
    expect(setField('#!/bin/sh', slurmDialect, 'qos', 'fast')).toBe('#!/bin/sh\n#SBATCH --qos=fast\n');
    expect(setField('', slurmDialect, 'account', 'my lab')).toBe('#SBATCH --account="my lab"\n');
  });

  test('the last of several, which is the one that counts', () => {
    const twice = '#SBATCH -t 5\n#SBATCH --time=7\n';
    expect(setField(twice, slurmDialect, 'time', 60)).toBe('#SBATCH -t 5\n#SBATCH --time=01:00:00\n');
    expect(setField(twice, slurmDialect, 'time', null)).toBe('');
  });

  test('within a list of PBS or Grid Engine', () => {
    const pbs = '#PBS -l walltime=1:00:00,select=1:ncpus=4:mpiprocs=4\n';
    expect(setField(pbs, pbsDialect, 'memory', 512)).toBe(pbs.replace('mpiprocs=4', 'mpiprocs=4:mem=512mb'));
    expect(setField(pbs, pbsDialect, 'time', null)).toBe('#PBS -l select=1:ncpus=4:mpiprocs=4\n');
    expect(setField('#PBS -l nodes=1:ppn=2\n', pbsDialect, 'memory', 1024)).toBe(
      '#PBS -l nodes=1:ppn=2\n#PBS -l mem=1gb\n',
    );
    const sge = '#$ -l h_rt=60 -pe mpi 2\nls\n#$ -cwd\n';
    expect(setField(sge, gridengineDialect, 'cpus', 8)).toBe(sge.replace('mpi 2', 'mpi 8'));
    expect(setField(sge, gridengineDialect, 'queue', 'all.q')).toBe(
      '#$ -l h_rt=60 -pe mpi 2\n#$ -q all.q\nls\n#$ -cwd\n',
    );
  });

  test('of LSF, with its requirement', () => {
    const one = setField('#BSUB -n 2\n', lsfDialect, 'nodes', 2);
    expect(one).toBe('#BSUB -n 4\n#BSUB -R "span[ptile=2]"\n');
    expect(setField(one, lsfDialect, 'memory', 4096)).toBe('#BSUB -n 4\n#BSUB -R "span[ptile=2] rusage[mem=4GB]"\n');
    expect(setField('#BSUB -J fit\n', lsfDialect, 'array', '1-5%')).toBe('#BSUB -J "fit[1-5]"\n');
  });

  test('of HTCondor, before the line that queues', () => {
    const file = 'executable = a.sh\n\nqueue\n';
    expect(setField(file, htcondorDialect, 'memory', 2048)).toBe('executable = a.sh\n\nrequest_memory = 2 GB\nqueue\n');
    expect(setField(file, htcondorDialect, 'array', '0-9')).toBe('executable = a.sh\n\nqueue 10\n');
  });
});

describe('a comment behind an option', () => {
  test.each([
    ['#!/bin/sh\n#SBATCH --time=60 # as the manual says\nrun\n', '#!/bin/sh\n# as the manual says\nrun\n'],
    ['#SBATCH --time=60 #SBATCH --mem=1G\nrun\n', '# #SBATCH --mem=1G\nrun\n'],
    ['#SBATCH --time=60   \nrun\n', 'run\n'],
    ['#SBATCH --time=60 --exclusive # both\nrun\n', '#SBATCH --exclusive # both\nrun\n'],
  ])('stays when the option of %j is taken out', (before, after) => {
    expect(setField(before, slurmDialect, 'time', null)).toBe(after);
  });
});

describe('what is asked for beside resources', () => {
  test('reaches the scheduler as it is written', () => {
    const script = '#PBS -W umask=022,depend=afterok:12:13,afterany:4\n#PBS -m ae\n#PBS -M ada@example.org\n';
    expect(readFields(script, pbsDialect)).toMatchObject({
      dependency: 'afterok:12:13,afterany:4',
      mailType: 'ae',
      mailUser: 'ada@example.org',
    });
    expect(readRequest(script, pbsDialect).options).toEqual([
      ...['-W', 'umask=022,depend=afterok:12:13,afterany:4', '-m', 'ae', '-M', 'ada@example.org'],
    ]);
    expect(setField(script, pbsDialect, 'dependency', 'afterok:9')).toContain('#PBS -W umask=022,depend=afterok:9\n');
    expect(setField(script, pbsDialect, 'dependency', null)).toContain('#PBS -W umask=022\n');
  });
});
