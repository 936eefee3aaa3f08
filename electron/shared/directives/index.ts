import type { LauncherName } from '../kinds.ts';
import { gridengineDialect } from './gridengine.ts';
import { htcondorDialect } from './htcondor.ts';
import { lsfDialect } from './lsf.ts';
import { pbsDialect } from './pbs.ts';
import { slurmDialect } from './slurm.ts';
import type { Dialect } from './types.ts';

/** null: jobs of the login node have no directives. */
export const dialects: Readonly<Record<LauncherName, Dialect | null>> = {
  login: null,
  slurm: slurmDialect,
  pbs: pbsDialect,
  gridengine: gridengineDialect,
  lsf: lsfDialect,
  htcondor: htcondorDialect,
};
