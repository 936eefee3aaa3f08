import type { LauncherName } from '../../shared/kinds.ts';
import { gridengine } from './gridengine.ts';
import { htcondor } from './htcondor.ts';
import type { Launcher } from './launcher.ts';
import { login } from './login.ts';
import { lsf } from './lsf.ts';
import { pbs } from './pbs.ts';
import { slurm } from './slurm.ts';

export const launchers: Record<LauncherName, Launcher> = { login, slurm, htcondor, gridengine, pbs, lsf };
