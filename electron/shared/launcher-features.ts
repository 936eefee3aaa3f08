import { type LauncherName, launcherNames, type RuntimeName } from './kinds.ts';

export const launcherLabels: Readonly<Record<LauncherName, string>> = {
  login: 'Login node',
  slurm: 'Slurm',
  htcondor: 'HTCondor',
  gridengine: 'Grid Engine',
  pbs: 'PBS',
  lsf: 'LSF',
};

export const runtimeLabels: Readonly<Record<RuntimeName, string>> = {
  native: 'No container',
  apptainer: 'Apptainer',
  podman: 'Podman',
  docker: 'Docker',
};

export const isLauncher = (name: string): name is LauncherName => (launcherNames as readonly string[]).includes(name);

/** A launcher's name for people; one that this version does not know keeps its own. */
export const launcherLabel = (name: string): string => (isLauncher(name) ? launcherLabels[name] : name);

export type ArrayForm = 'list' | 'range' | 'from-zero';

/** What a launcher can be asked for, as the form offers it. */
export interface LauncherFeatures {
  /** It has queues a job is sent to. */
  queues: boolean;
  /** A job may span several nodes. */
  nodes: boolean;
  qos: boolean;
  /** The kind of GPU can be chosen. */
  gpuTypes: boolean;
  /** How the tasks of a job array may be written: lists of ranges, one range, one that begins with 0, or not at all. */
  arrays: ArrayForm | 'none';
  /** An example of the scheduler's own options. */
  options: string;
}

/** Null: it takes no resources, as on a login node. */
export const launcherFeatures: Readonly<Record<LauncherName, LauncherFeatures | null>> = {
  login: null,
  slurm: { queues: true, nodes: true, qos: true, gpuTypes: true, arrays: 'list', options: '--constraint=avx2' },
  htcondor: {
    queues: false,
    nodes: false,
    qos: false,
    gpuTypes: false,
    arrays: 'from-zero',
    options: 'requirements = (OpSysMajorVer == 12)',
  },
  gridengine: {
    queues: true,
    nodes: false,
    qos: false,
    gpuTypes: false,
    arrays: 'range',
    options: '-l arch=lx-amd64',
  },
  pbs: { queues: true, nodes: true, qos: false, gpuTypes: false, arrays: 'range', options: '-l place=excl' },
  lsf: { queues: true, nodes: true, qos: false, gpuTypes: false, arrays: 'range', options: '-R "select[avx2]"' },
};
