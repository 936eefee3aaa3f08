import type { LauncherName } from '../../shared/kinds.ts';
import type { Launcher } from './common/launcher.ts';
import { gridengine } from './gridengine/index.ts';
import { htcondor } from './htcondor/index.ts';
import { login } from './login/index.ts';
import { lsf } from './lsf/index.ts';
import { pbs } from './pbs/index.ts';
import { slurm } from './slurm/index.ts';

export const launchers: Record<LauncherName, Launcher> = { login, slurm, htcondor, gridengine, pbs, lsf };
