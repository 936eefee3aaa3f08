import type { LauncherName } from '../../shared/clusters.ts';
import type { Launcher } from './launcher.ts';
import { login } from './login.ts';
import { slurm } from './slurm.ts';

export const launchers: Record<LauncherName, Launcher> = { login, slurm };
